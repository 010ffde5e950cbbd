/* How a code is refused: at which layer, and why. The words are those of the server's codec. */

export class Refused extends Error {
  constructor(stage, reason) {
    super(`${stage}: ${reason}`);
    this.stage = stage;
    this.reason = reason;
  }
}
