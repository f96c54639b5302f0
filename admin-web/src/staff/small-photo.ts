/** As much as a badge needs: 3:4, small enough for the 40 KiB that the centre takes, at quality 0.8 some 20 KiB. */
const size = { widthPx: 360, heightPx: 480 }
const quality = 0.8

/** A picture file as a small upright JPEG in base64, cut to the middle; null when it is no picture. */
export async function smallPhoto(file: Blob): Promise<string | null> {
  const picture = await createImageBitmap(file).catch(noPicture)
  if (picture === null) return null
  const canvas = document.createElement('canvas')
  canvas.width = size.widthPx
  canvas.height = size.heightPx
  const scale = Math.max(size.widthPx / picture.width, size.heightPx / picture.height)
  const [width, height] = [picture.width * scale, picture.height * scale]
  const pen = canvas.getContext('2d')
  pen?.drawImage(picture, (size.widthPx - width) / 2, (size.heightPx - height) / 2, width, height)
  picture.close()
  return canvas.toDataURL('image/jpeg', quality).replace(/^data:[^,]*,/, '')
}

/** The browser says by this one error that it cannot read a file as a picture. */
function noPicture(fault: unknown): null {
  if (fault instanceof DOMException && fault.name === 'InvalidStateError') return null
  throw fault
}
