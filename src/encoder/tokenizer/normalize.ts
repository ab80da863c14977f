// The normaliser of the reference tokenizer (`Precompiled` as @huggingface/tokenizers implements it, then runs of
// spaces to one, then Metaspace). Must stay equal to it: the ids decide the vectors.

const DROPPED = /[\u0001-\u0008\u000B\u000E-\u001F\u007F\u008F\u009F]/g;
const SPACES = /[\u0009\u000A\u000C\u000D\u00A0\u1680\u2000-\u200F\u2028\u2029\u202F\u205F\u2581\u3000\uFEFF\uFFFD]/g;
const NEEDS_WORK = /[^\u0020-\u007E]/;
const RUNS = / {2,}/g;
const FULLWIDTH_TILDE = '\uFF5E';

/** NFKC with the fullwidth tilde kept, control characters out, every kind of space one space. */
export function normalize(text: string): string {
  let out = text;
  if (NEEDS_WORK.test(out)) {
    out = out.replace(DROPPED, '').replace(SPACES, ' ');
    out = out.includes(FULLWIDTH_TILDE)
      ? out
          .split(FULLWIDTH_TILDE)
          .map((part) => part.normalize('NFKC'))
          .join(FULLWIDTH_TILDE)
      : out.normalize('NFKC');
  }
  return out.replace(RUNS, ' ');
}

/** Spaces become ▁, and one stands before the text unless there is one already. */
export function metaspace(normalized: string): string {
  const marked = normalized.replaceAll(' ', '\u2581');
  return marked.startsWith('\u2581') ? marked : `\u2581${marked}`;
}
