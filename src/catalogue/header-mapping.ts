// Guesses which column is which field, because every owner names columns differently and in their own language.
import { RecommenderError } from '../base/errors.ts';
import { canonicalTag } from '../base/language-tag.ts';
import { FIELD_NAMES, type FieldName } from './fields.ts';

/** Where the values of a column go: a field, one language of a field, or one numeric attribute. */
type ColumnTarget =
  | { kind: 'field'; field: FieldName }
  | { kind: 'translation'; part: 'title' | 'description'; language: string }
  | { kind: 'attribute'; name: string };

export interface ColumnPlan {
  /** One for each column, in order. */
  targets: readonly (ColumnTarget | undefined)[];
  /** Column → field, as in the report. */
  mapping: Readonly<Record<string, string>>;
  unmapped: readonly string[];
}

/** Earlier names win over later ones: with columns "name" and "label", "name" is the title. The field's own name wins over all. */
const SYNONYMS: Readonly<Record<FieldName, string>> = {
  id: 'identifier uid uuid guid itemid item_id productid sku isbn kennung clave identifiant identificador идентификатор 编号 識別子',
  language: 'lang locale languagecode sprache langue idioma lingua taal sprak språk język jezyk dil kieli язык اللغة لغة भाषा 语言 語言 言語 언어',
  title:
    'name titel titre título titulo titolo headline heading label caption tytuł başlık baslik otsikko nimi nom nombre nome naam namn название заголовок العنوان عنوان शीर्षक 标题 標題 タイトル 제목',
  description:
    'summary text abstract body content desc details overview synopsis blurb plot beschreibung zusammenfassung inhalt texte résumé sommaire descripción resumen texto descrição resumo descrizione riassunto testo beschrijving samenvatting tekst beskrivning opis açıklama kuvaus описание текст الوصف وصف विवरण 描述 简介 簡介 説明 설명',
  translations: 'übersetzungen traductions traducciones traduções traduzioni vertalingen переводы 翻译 翻訳',
  categories:
    'category tags tag genre genres topics topic subjects subject keywords keyword kategorie kategorien schlagwörter schlagworte thema themen catégorie catégories mots-clés étiquettes categoría categorías etiquetas género categoria categorie trefwoorden kategorier kategoria kategori категория категории теги жанр الفئة فئات श्रेणी 类别 分类 標籤 标签 カテゴリ タグ 카테고리',
  creator:
    'author authors creators artist writer director maker brand publisher developer autor autoren autorin verfasser urheber hersteller auteur auteurs créateur autora autores autore schrijver författare yazar автор авторы المؤلف लेखक 作者 著者 저자',
  kind: 'type itemtype typ tipo soort tyyppi тип النوع प्रकार 类型 種類 유형',
  country: 'countrycode nation land pays país pais paese kraj ülke maa страна البلد देश 国家 國家 国 국가',
  attributes: 'attribute attrs attributs atributos attributi',
  published:
    'year date publisheddate publicationdate publicationyear datepublished releasedate releaseyear released pubdate jahr datum erscheinungsjahr erschienen veröffentlicht année annee date_de_parution año ano fecha anno jaar år ar rok yıl yil vuosi год дата السنة سنة वर्ष 年 年份 年度 日期 출판일 연도',
  popularity:
    'sales views downloads plays purchases loans pageviews unitssold viewcount downloadcount playcount ratingcount ratingscount reviewcount reviewscount votecount numratings numreviews numvotes numberofratings numberofreviews numberofvotes beliebtheit verkäufe aufrufe popularité ventes vues popularidad ventas vistas popularidade vendas visualizações popularità vendite visualizzazioni populariteit verkopen weergaven popularitet popularność sprzedaż popülerlik satışlar suosio umaarufu популярность продажи просмотры الشعبية شعبية लोकप्रियता פופולריות 人气 人氣 销量 銷量 浏览量 人気 販売数 再生回数 인기도 판매량 조회수',
  link: 'url uri href website web webpage homepage adresse lien enlace ligação collegamento länk ссылка الرابط लिंक 链接 連結 リンク 링크',
  image:
    'img picture photo cover thumbnail imageurl poster icon bild foto titelbild photographie imagen imagem immagine afbeelding zdjęcie resim kuva изображение صورة चित्र 图片 圖片 画像 이미지',
  license: 'licence rights lizenz licencia licença licenza licentie licens licencja lisans лицензия الترخيص लाइसेंस 许可证 授權 ライセンス 라이선스',
  attribution:
    'credit credits acknowledgement acknowledgment namensnennung quellenangabe atribución crédito atribuição attribuzione naamsvermelding указание_авторства 署名 クレジット',
};

/** Ignores case, accents, spaces and punctuation: "Date de parution" equals "date_de_parution". */
function fold(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();
}

/** Folded name → field and rank; 0 is the field's own name. */
const BY_NAME = new Map<string, { field: FieldName; rank: number }>();
for (const field of FIELD_NAMES) {
  [field, ...SYNONYMS[field].split(' ')].forEach((name, rank) => {
    const key = fold(name);
    if (rank === 0 || !BY_NAME.has(key)) BY_NAME.set(key, { field, rank });
  });
}

const ATTRIBUTE = /^attr(?:ibutes?)?[.:](.+)$/i;
const IN_LANGUAGE = /^(.+?)[.:]([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*)$/;

function special(column: string): ColumnTarget | undefined {
  const attribute = ATTRIBUTE.exec(column)?.[1]?.trim();
  if (attribute) return { kind: 'attribute', name: attribute };
  const parts = IN_LANGUAGE.exec(column);
  const part = BY_NAME.get(fold(parts?.[1] ?? ''))?.field;
  const language = canonicalTag(parts?.[2] ?? '');
  if ((part === 'title' || part === 'description') && language !== undefined) return { kind: 'translation', part, language };
  return undefined;
}

/** How the report names a target: `title`, `title.de`, `attributes.pages`. */
function labelOf(target: ColumnTarget): string {
  if (target.kind === 'field') return target.field;
  return target.kind === 'attribute' ? `attributes.${target.name}` : `${target.part}.${target.language}`;
}

export type HeaderMapping = Partial<Record<FieldName, string>>;

/**
 * Finds the field of each column. A field takes one column: the one that `explicit` names, else the best-ranked name, else
 * the first column.
 */
export function planColumns(columns: readonly string[], explicit: HeaderMapping = {}): ColumnPlan {
  const targets: (ColumnTarget | undefined)[] = columns.map(() => undefined);
  const taken = new Map<FieldName, { at: number; rank: number }>();
  for (const field of FIELD_NAMES) {
    const at = explicit[field] === undefined ? -1 : columns.indexOf(explicit[field]);
    if (at >= 0) taken.set(field, { at, rank: -1 });
  }
  const claimed = new Set(Array.from(taken.values(), ({ at }) => at));
  const seen = new Set<string>();
  columns.forEach((name, at) => {
    const column = name.trim();
    if (claimed.has(at)) return;
    const target = special(column);
    if (target) {
      const label = labelOf(target);
      if (!seen.has(label)) targets[at] = target;
      seen.add(label);
      return;
    }
    const guess = BY_NAME.get(fold(column));
    if (!guess || explicit[guess.field] !== undefined) return;
    const holder = taken.get(guess.field);
    if (!holder || guess.rank < holder.rank) taken.set(guess.field, { at, rank: guess.rank });
  });
  for (const [field, { at }] of taken) targets[at] = { kind: 'field', field };
  const mapping: [string, string][] = [];
  const unmapped: string[] = [];
  columns.forEach((name, at) => {
    const target = targets[at];
    if (target) mapping.push([name, labelOf(target)]);
    else if (name.trim()) unmapped.push(name);
  });
  return { targets, mapping: Object.fromEntries(mapping), unmapped };
}

/** Refuses a mapping that names a column the header lacks. @throws bad-argument */
export function checkExplicitMapping(columns: readonly string[], explicit: HeaderMapping): void {
  for (const [field, column] of Object.entries(explicit)) {
    if (column === undefined || columns.includes(column)) continue;
    throw new RecommenderError(
      'bad-argument',
      `headerMapping says that "${field}" is in the column "${column}", which the file does not have. Its columns are: ${columns.join(', ')}.`,
      { field, column },
    );
  }
}
