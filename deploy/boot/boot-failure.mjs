/** A step of the boot that cannot go on, told in words that a person can act on. */
export class BootFailure extends Error {
  /**
   * @param {string} what what happened, one sentence
   * @param {string} advice what to do now
   */
  constructor(what, advice) {
    super(what)
    this.name = 'BootFailure'
    this.advice = advice
  }
}
