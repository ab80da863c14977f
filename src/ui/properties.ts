// Shorthand for the properties of an element. None of them is an attribute.
import type { PropertyDeclaration } from 'lit';

type Declarations<Name extends string> = Record<Name, PropertyDeclaration>;

function declarations<Name extends string>(names: readonly Name[], declaration: PropertyDeclaration): Declarations<Name> {
  return Object.fromEntries(names.map((name) => [name, declaration])) as Declarations<Name>;
}

/** Properties that the element is given. */
export const inputs = <Name extends string>(...names: Name[]): Declarations<Name> => declarations(names, { attribute: false });
/** Properties that only the element itself sets. */
export const states = <Name extends string>(...names: Name[]): Declarations<Name> => declarations(names, { state: true });
