/**
 * The public keys whose signature a set of card profiles may bear (Ed25519, raw, base64url), newest first. A key leaves
 * the list once no set in use is signed by it.
 */
export const cardProfileKeys: readonly string[] = ['r2NevnaqIj-ZQM-t--qGE0BB2nhu6rTmADDF8o79l3c']
