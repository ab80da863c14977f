// Places of a list dealt out to groups in proportion: whole numbers that are never off by one place or more.

/**
 * Largest remainder (Hamilton 1792): each group gets ⌊places · weight / Σ weights⌋, and the places left over go to the largest
 * fractions, ties to the earlier group. What a group has no room for is dealt out again among the others in the same way, and only
 * when no group with a weight has room left, among those without one, equally.
 *
 * @param weights [groups] 0 or more
 * @param rooms [groups] most places a group can take, whole
 * @returns [groups] whole numbers, Σ = min(places, Σ rooms); |got − places · weight / Σ weights| < 1 where every room suffices
 */
export function allot(places: number, weights: readonly number[], rooms: readonly number[]): number[] {
  const got = rooms.map(() => 0);
  const roomOf = (group: number): number => (rooms[group] ?? 0) - (got[group] ?? 0);
  const give = (group: number, count: number): void => {
    got[group] = (got[group] ?? 0) + count;
    left -= count;
  };
  let left = Math.min(
    places,
    rooms.reduce((sum, room) => sum + room, 0),
  );
  while (left > 0) {
    const withRoom = [...rooms.keys()].filter((group) => roomOf(group) > 0);
    const weighted = withRoom.filter((group) => (weights[group] ?? 0) > 0);
    const open = weighted.length > 0 ? weighted : withRoom;
    const weightOf = (group: number): number => (weighted.length > 0 ? (weights[group] ?? 0) : 1);
    const total = open.reduce((sum, group) => sum + weightOf(group), 0);
    const shares = open.map((group) => ({ group, share: (left * weightOf(group)) / total }));
    const full = shares.filter(({ group, share }) => share >= roomOf(group));
    if (full.length > 0) {
      for (const { group } of full) give(group, roomOf(group));
      continue;
    }
    for (const { group, share } of shares) give(group, Math.floor(share));
    shares.sort((a, b) => (b.share % 1) - (a.share % 1) || a.group - b.group);
    for (const { group } of shares.slice(0, left)) give(group, 1);
  }
  return got;
}
