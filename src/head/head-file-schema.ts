// The form of a head file, parsed once at the edge. Lengths that depend on each other are checked where the numbers are read.
import * as v from 'valibot';

export const HEAD_FORMAT = 'kindred-head';

const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(65_536));
const Finite = v.pipe(v.number(), v.finite());
const Weight = v.pipe(v.number(), v.finite(), v.minValue(0));
const Hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'not a SHA-256 of 64 lower-case hex digits'));
const Type = v.picklist(['float16', 'float32']);
const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const Head = v.variant('kind', [
  v.strictObject({ kind: v.literal('dot'), dimensions: Positive }),
  v.strictObject({ kind: v.literal('bilinear'), dimensions: Positive, rank: Positive }),
  v.strictObject({ kind: v.literal('mlp'), dimensions: Positive, hidden: Positive }),
]);

const Bucket = v.strictObject({ upTo: v.nullable(Whole), head: Weight, prior: Weight, itemItem: Weight });

export const HeadFileSchema = v.object({
  format: v.literal(HEAD_FORMAT),
  version: v.literal(1),
  /** ISO 8601, UTC. */
  created: v.pipe(v.string(), v.isoTimestamp()),
  /** Of the vectors it was trained on; dimensions of the text part. */
  encoder: v.object({ fingerprint: v.pipe(v.string(), v.minLength(1)), dimensions: Positive }),
  head: Head,
  /** How categories and attributes were joined to the vectors; absent: text alone. */
  features: v.optional(
    v.object({
      dimensions: Positive,
      share: Share,
      numericShare: Share,
      seed: Finite,
      numerics: v.record(v.string(), v.object({ mean: Finite, deviation: Finite })),
    }),
  ),
  parameters: v.object({ type: Type, data: v.string() }),
  /** What it was learnt from, and nDCG@10 on users held out of it. */
  training: v.object({
    users: Whole,
    examples: Whole,
    start: v.string(),
    epochs: Whole,
    heldOut: v.object({ users: Whole, plain: Finite, start: Finite, best: Finite }),
    /** Help for languages of which little is known, where some was asked for; `priorHead`: SHA-256 of the file it started from. */
    languages: v.optional(
      v.object({
        temperature: v.optional(v.pipe(Finite, v.minValue(1))),
        mixing: v.boolean(),
        alignment: v.boolean(),
        translations: Whole,
        priorHead: v.optional(Hash),
      }),
    ),
  }),
  /** From the same log; rows of prior and table are places in `items`. */
  log: v.optional(
    v.object({
      items: v.array(v.pipe(v.string(), v.minLength(1))),
      prior: v.object({ asOf: v.pipe(v.string(), v.isoTimestamp()), users: Whole, absent: Finite, type: Type, data: v.string() }),
      table: v.object({
        method: v.picklist(['ease', 'item-knn']),
        scale: v.pipe(v.number(), v.finite(), v.minValue(0)),
        pairs: Whole,
        offsets: v.string(),
        neighbours: v.string(),
        values: v.string(),
      }),
      blend: v.pipe(
        v.array(Bucket),
        v.minLength(1),
        v.check((buckets) => buckets.at(-1)?.upTo === null, 'the last bucket must have upTo null'),
      ),
    }),
  ),
  sha256: Hash,
  signature: v.optional(v.object({ algorithm: v.literal('Ed25519'), publicKey: v.string(), value: v.string() })),
});

export type HeadFileJson = v.InferOutput<typeof HeadFileSchema>;
