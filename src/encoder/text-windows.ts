// Cuts a text into windows for a tokenizer of which only the count of tokens is used. Pure.

export interface TextWindow {
  text: string;
  tokens: number;
}

/**
 * Halves the text, at a space where there is one near, until each part fits.
 * @param count tokens of a part with all that is put around it
 */
export function cutText(text: string, maxTokens: number, count: (part: string) => number): TextWindow[] {
  const tokens = count(text);
  const middle = tokens > maxTokens ? splitPoint(text) : 0;
  if (middle <= 0) return [{ text, tokens: Math.min(tokens, maxTokens) }];
  return [...cutText(text.slice(0, middle), maxTokens, count), ...cutText(text.slice(middle), maxTokens, count)];
}

/** The space nearest to the middle within an eighth of the length, else the middle; never inside a surrogate pair. */
function splitPoint(text: string): number {
  const middle = Math.floor(text.length / 2);
  const reach = Math.floor(text.length / 8);
  for (let distance = 0; distance <= reach; distance++) {
    if (text[middle + distance] === ' ') return middle + distance;
    if (text[middle - distance] === ' ') return middle - distance;
  }
  const unit = text.charCodeAt(middle);
  return unit >= 0xdc00 && unit <= 0xdfff ? middle - 1 : middle;
}
