// Runs axe-core with the rules of WCAG 2.2 AA, for element tests.
import axe from 'axe-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One line for each violation: rule, then the elements. For a part of a page, the rules about whole pages are off. */
export async function violationsOf(element: Element, wholePage = false): Promise<string[]> {
  const rules = wholePage ? {} : { region: { enabled: false }, 'page-has-heading-one': { enabled: false }, 'heading-order': { enabled: false } };
  const { violations } = await axe.run(element, { runOnly: TAGS, rules });
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`).join(' | ')}`,
  );
}
