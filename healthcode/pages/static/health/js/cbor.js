/* CBOR (RFC 8949) read strictly: one item and nothing after it, no key twice, bounded depth.
   Written only as far as signing needs it. Mirrors healthcode/codec/cbor.py. */

import { Refused } from "./refused.js";

const MAX_DEPTH = 64;
const BREAK = Symbol("break");
const SELF_DESCRIBED = 55799;

export class Tag {
  constructor(number, value) {
    this.number = number;
    this.value = value;
  }
}

export class Simple {
  constructor(number) {
    this.number = number;
  }
}

const malformed = () => new Refused("cbor", "cbor_malformed");

class Reader {
  constructor(data) {
    this.data = data;
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.at = 0;
  }

  take(length) {
    if (length > this.data.length - this.at) throw malformed();
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }

  /** The argument of an item's head: a Number where it is exact, else a BigInt. */
  argument(low) {
    if (low < 24) return low;
    if (low > 27) throw malformed();
    const size = 1 << (low - 24);
    this.take(size);
    const from = this.at - size;
    if (size === 1) return this.view.getUint8(from);
    if (size === 2) return this.view.getUint16(from);
    if (size === 4) return this.view.getUint32(from);
    return exact(this.view.getBigUint64(from));
  }

  item(depth) {
    if (depth > MAX_DEPTH) throw malformed();
    const [head] = this.take(1);
    const [major, low] = [head >> 5, head & 31];
    if (major === 7) return this.special(low);
    if (low === 31) return this.indefinite(major, depth);
    const argument = this.argument(low);
    switch (major) {
      case 0:
        return argument;
      case 1:
        return exact(-1n - BigInt(argument));
      case 2:
        return this.take(Number(argument)).slice();
      case 3:
        return utf8(this.take(Number(argument)));
      case 4:
        return this.array(argument, depth);
      case 5:
        return this.map(argument, depth);
      default:
        return tagged(argument, this.item(depth + 1));
    }
  }

  array(length, depth) {
    const items = [];
    for (let i = 0; i < length; i += 1) items.push(this.value(depth + 1));
    return items;
  }

  map(length, depth) {
    const pairs = new Pairs();
    for (let i = 0; i < length; i += 1) pairs.add(this.value(depth + 1), this.value(depth + 1));
    return pairs.map;
  }

  /** An item that must be one: a break has no place here. */
  value(depth) {
    const found = this.item(depth);
    if (found === BREAK) throw malformed();
    return found;
  }

  indefinite(major, depth) {
    if (major === 2 || major === 3) return this.chunks(major);
    if (major === 4) {
      const items = [];
      for (let found = this.item(depth + 1); found !== BREAK; found = this.item(depth + 1)) {
        items.push(found);
      }
      return items;
    }
    if (major !== 5) throw malformed();
    const pairs = new Pairs();
    for (let key = this.item(depth + 1); key !== BREAK; key = this.item(depth + 1)) {
      pairs.add(key, this.value(depth + 1));
    }
    return pairs.map;
  }

  chunks(major) {
    const parts = [];
    for (;;) {
      const [head] = this.take(1);
      if (head === 0xff) break;
      if (head >> 5 !== major || (head & 31) === 31) throw malformed();
      const part = this.take(Number(this.argument(head & 31)));
      parts.push(major === 3 ? utf8(part) : part);
    }
    return major === 3 ? parts.join("") : joined(parts);
  }

  special(low) {
    if (low === 31) return BREAK;
    if (low < 20) return new Simple(low);
    if (low === 24) {
      const [number] = this.take(1);
      if (number < 32) throw malformed();
      return new Simple(number);
    }
    if (low === 25) return half(this.argument(25));
    if (low === 26 || low === 27) {
      const size = low === 26 ? 4 : 8;
      this.take(size);
      const from = this.at - size;
      return size === 4 ? this.view.getFloat32(from) : this.view.getFloat64(from);
    }
    if (low > 27) throw malformed();
    return [false, true, null, undefined][low - 20];
  }
}

/* A map that takes no key twice; numbers and truth values that are equal are one key. */
class Pairs {
  map = new Map();
  seen = new Set();

  add(key, value) {
    const name = nameOf(key);
    if (this.seen.has(name)) throw malformed();
    this.seen.add(name);
    this.map.set(key, value);
  }
}

function nameOf(key) {
  if (typeof key === "boolean") return `n${Number(key)}`;
  if (typeof key === "number" || typeof key === "bigint") return `n${key}`;
  if (typeof key === "string") return `t${key}`;
  if (key instanceof Uint8Array) return `b${key}`;
  if (key instanceof Tag) return `g${key.number}(${nameOf(key.value)})`;
  if (key instanceof Simple) return `s${key.number}`;
  if (Array.isArray(key)) return `a[${key.map(nameOf)}]`;
  if (key instanceof Map) return `m{${[...key].map((pair) => nameOf(pair)).sort()}}`;
  return String(key);
}

function exact(number) {
  const small = Number(number);
  return Number.isSafeInteger(small) ? small : number;
}

function utf8(data) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw malformed();
  }
}

function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/* Tags stay tags, except big numbers and the one that only says "this is CBOR". */
function tagged(number, value) {
  if (value === BREAK) throw malformed();
  if (number === SELF_DESCRIBED) return value;
  if (number !== 2 && number !== 3) return new Tag(number, value);
  if (!(value instanceof Uint8Array)) throw malformed();
  const magnitude = value.reduce((total, byte) => total * 256n + BigInt(byte), 0n);
  return exact(number === 2 ? magnitude : -1n - magnitude);
}

/** Read exactly one data item; throws Refused. Maps are Map, byte strings Uint8Array. */
export function decode(data) {
  const reader = new Reader(data);
  const value = reader.value(0);
  if (reader.at !== data.length) throw new Refused("cbor", "cbor_trailing_bytes");
  return value;
}

/** Join byte arrays. */
export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function head(major, argument) {
  const lead = major << 5;
  if (argument < 24) return Uint8Array.of(lead | argument);
  const size = argument < 0x100 ? 1 : argument < 0x10000 ? 2 : argument < 0x100000000 ? 4 : 8;
  const bytes = new Uint8Array(1 + size);
  bytes[0] = lead | (24 + Math.log2(size));
  let rest = BigInt(argument);
  for (let i = size; i > 0; i -= 1) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** Write text, bytes, whole numbers from 0 on, and arrays of these, in their shortest form. */
export function encode(value) {
  if (typeof value === "number") return head(0, value);
  if (value instanceof Uint8Array) return joined([head(2, value.length), value]);
  if (typeof value === "string") {
    const bytes = new TextEncoder().encode(value);
    return joined([head(3, bytes.length), bytes]);
  }
  return joined([head(4, value.length), ...value.map(encode)]);
}
