// A language correction may be replaced while a list is being made: vectors of before do not go with rows of after.

/**
 * Asks once more where the correction in use is another one afterwards; what failed because of that is not told.
 * @param ask makes its vectors anew at each call
 */
export async function unlessMoved<T>(table: { readonly correctionVersion: number }, ask: () => Promise<T>): Promise<T> {
  const { correctionVersion } = table;
  const moved = (): boolean => table.correctionVersion !== correctionVersion;
  try {
    const answer = await ask();
    if (!moved()) return answer;
  } catch (error) {
    if (!moved()) throw error;
  }
  return ask();
}
