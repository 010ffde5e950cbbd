/* A verdict for the ear and the hand: two high notes for yes, one low for no. */

const NOTES = { admitted: [880, 1175], policy: [262], other: [330, 262] };
const NOTE_S = 0.12;
const BUZZ = { admitted: [60], policy: [300], other: [120, 80, 120] };
let context = null;

/** Sound and vibrate for a family of verdicts. */
export function signal(family, { sound, vibration }) {
  const kind = family in NOTES ? family : "other";
  if (vibration) navigator.vibrate?.(BUZZ[kind]);
  if (!sound) return;
  context ??= new AudioContext();
  NOTES[kind].forEach((frequency, number) => {
    const [note, volume] = [context.createOscillator(), context.createGain()];
    const start = context.currentTime + number * NOTE_S;
    note.frequency.value = frequency;
    volume.gain.setValueAtTime(0.2, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_S);
    note.connect(volume).connect(context.destination);
    note.start(start);
    note.stop(start + NOTE_S);
  });
}
