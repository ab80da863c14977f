// A language correction may be replaced while a list is being made. Query vectors made before do not fit rows corrected after.

/**
 * Runs `ask` again if the correction changed while it ran; an error of the first run is then ignored.
 * @param ask makes its vectors anew at each call
 */
export async function retryIfCorrectionChanged<T>(table: { readonly correctionVersion: number }, ask: () => Promise<T>): Promise<T> {
  const { correctionVersion } = table;
  const hasChanged = (): boolean => table.correctionVersion !== correctionVersion;
  try {
    const answer = await ask();
    if (!hasChanged()) return answer;
  } catch (error) {
    if (!hasChanged()) throw error;
  }
  return ask();
}
