// Reads the bytes of a catalogue, from a Blob, an array or a string, as decoded text in blocks, so that a large file is never held twice.
// Knows encodings and line ends, but no formats.
import { RecommenderError } from '../base/errors.ts';

export type CatalogueData = Blob | ArrayBuffer | Uint8Array | string;
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const CHUNK_BYTES = 256 * 1024;
/** All blocks but the last are at least this long: the CSV parser starts anew with each block. */
const BLOCK_LENGTH = 256 * 1024;

interface ByteSource {
  bytes: number;
  /** The first `count` bytes, or fewer. */
  head(count: number): Promise<Uint8Array>;
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
}

async function* blobChunks(blob: Blob): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = blob.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

async function* arrayChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) yield bytes.subarray(start, start + CHUNK_BYTES);
}

function tooLarge(name: string, bytes: number, maxBytes: number): RecommenderError {
  const mebibytes = (count: number): string => (count / 2 ** 20).toFixed(1);
  return new RecommenderError(
    'catalogue-too-large',
    `"${name}" has ${mebibytes(bytes)} MiB; the limit is ${mebibytes(maxBytes)} MiB. Split the file, leave out long descriptions, or raise maxBytes.`,
    { name, bytes, maxBytes },
  );
}

/** Opens `data` for reading in chunks. @throws catalogue-too-large */
export function openSource(name: string, data: CatalogueData, maxBytes: number): ByteSource {
  if (data instanceof Blob) {
    if (data.size > maxBytes) throw tooLarge(name, data.size, maxBytes);
    return {
      bytes: data.size,
      head: async (count) => new Uint8Array(await data.slice(0, count).arrayBuffer()),
      chunks: () => blobChunks(data),
    };
  }
  // UTF-8 takes at least one byte for a UTF-16 unit.
  if (typeof data === 'string' && data.length > maxBytes) throw tooLarge(name, data.length, maxBytes);
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data instanceof Uint8Array ? data : new Uint8Array(data);
  if (bytes.length > maxBytes) throw tooLarge(name, bytes.length, maxBytes);
  return { bytes: bytes.length, head: async (count) => bytes.subarray(0, count), chunks: () => arrayChunks(bytes) };
}

/** The encoding that the byte order mark states; UTF-8 without one. */
export function encodingOf(head: Uint8Array): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** The text of the first bytes, with "\n" line ends; the last character is left out when it is incomplete. */
export function decodeHead(head: Uint8Array, encoding: Encoding): string {
  return new TextDecoder(encoding).decode(head, { stream: true }).replace(/\r\n?/g, '\n');
}

/**
 * The whole text in blocks: the byte order mark stripped, every line end "\n", invalid bytes as U+FFFD. Line ends inside
 * quoted CSV fields change too; white space is one space after cleaning anyway.
 *
 * @param onRead gets the number of bytes read so far; may pause, and may stop the reading by throwing
 */
export async function* textBlocks(
  source: ByteSource,
  encoding: Encoding,
  onRead: (bytes: number) => void | Promise<void>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(encoding);
  let read = 0;
  let block = '';
  // A "\r" at the end of a block waits for the "\n" that may follow.
  const normalised = (last: boolean): string => {
    const carriesOver = !last && block.endsWith('\r');
    const text = carriesOver ? block.slice(0, -1) : block;
    block = carriesOver ? '\r' : '';
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  };
  for await (const chunk of source.chunks()) {
    read += chunk.length;
    await onRead(read);
    block += decoder.decode(chunk, { stream: true });
    if (block.length >= BLOCK_LENGTH) yield normalised(false);
  }
  block += decoder.decode();
  if (block) yield normalised(true);
}
