// Where an HTTP/1.1 message begins and ends in a stream of bytes: as much of that as a proxy needs which hands the bytes on.

const HEAD_END = "\r\n\r\n";
const LAST_CHUNK = "\r\n0\r\n\r\n";

/** Method and path of the request that begins with these bytes. */
export function requestLine(bytes) {
  const [method, target = ""] = bytes.toString("latin1").split("\r\n", 1)[0].split(" ");
  return { method, path: target.split("?")[0] };
}

/** Collects an answer until it is whole. */
export class AnswerEnd {
  #bytes = Buffer.alloc(0);

  /** The whole answer, once its last byte is there. */
  take(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    return isWhole(this.#bytes) ? this.#bytes : undefined;
  }
}

function isWhole(bytes) {
  const headLength = bytes.indexOf(HEAD_END);
  if (headLength < 0) return false;
  const head = bytes.toString("latin1", 0, headLength);
  if (/^transfer-encoding: *chunked/im.test(head)) return bytes.subarray(-LAST_CHUNK.length).equals(Buffer.from(LAST_CHUNK));
  const length = /^content-length: *(\d+)/im.exec(head)?.[1] ?? 0;
  return bytes.length >= headLength + HEAD_END.length + Number(length);
}
