// What the rest of the project may use of this room.
export { fitNumericStatistics, minMaxScale, type NumericStatistics, standardize } from './attributes.ts';
export { type CleanOptions, cleanText } from './clean.ts';
export { FIELD_NAMES, type FieldName } from './fields.ts';
export type { CatalogueFormat } from './format.ts';
export type { HeaderMapping } from './header-mapping.ts';
export { canonicalTag } from './language-tag.ts';
export { type CatalogueReport, type ParseOptions, parseCatalogue } from './parse.ts';
export type { RowProblem, Severity } from './problems.ts';
export { type Finding, ProblemList, shorten } from './problems.ts';
export type { RawRow, RowBatches } from './rows.ts';
// Below parseCatalogue, for other tables in the same file formats (interaction logs).
export { type CatalogueSource, openTable, type Table } from './table.ts';
export { contentKey, itemText, type TextSource } from './text.ts';
