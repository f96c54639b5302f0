/** What the browser does with passkeys; the centre says what is asked and judges what is answered. */
export interface PasskeyBrowser {
  /** False where the page's address is a number, which no passkey can belong to, or the browser has none. */
  isAble: boolean
  /** Has a passkey prove its owner; the answer as JSON text, null when the person turned away. */
  ask(options: PublicKeyCredentialRequestOptionsJSON): Promise<string | null>
  /** Makes a passkey; the answer as JSON text, null when the person turned away or this device has one already. */
  make(options: PublicKeyCredentialCreationOptionsJSON): Promise<string | null>
}

/** The passkeys of the browser that shows this page. */
export function browserPasskeys(hostname: string): PasskeyBrowser {
  const isNumber = /^[\d.]+$|^\[/.test(hostname)
  return {
    isAble:
      !isNumber && typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential,
    ask: (options) =>
      answerOrNull(() =>
        navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
      ),
    make: (options) =>
      answerOrNull(() =>
        navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
      ),
  }
}

/** Turning away, waiting too long and a device that is known already are all told by these two names. */
async function answerOrNull(ask: () => Promise<Credential | null>): Promise<string | null> {
  try {
    const credential = await ask()
    return credential instanceof PublicKeyCredential ? JSON.stringify(credential.toJSON()) : null
  } catch (fault) {
    if (fault instanceof DOMException && ['NotAllowedError', 'InvalidStateError'].includes(fault.name)) return null
    throw fault
  }
}
