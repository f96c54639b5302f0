/** The fingerprint (密钥指纹) of a key: the first 16 bytes of its SHA-256 in groups of four hexadecimal digits. */
export function fingerprintText(sha256Hex: string): string {
  return (sha256Hex.slice(0, 32).match(/.{4}/g) ?? []).join(' ')
}
