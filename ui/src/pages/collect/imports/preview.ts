import { type Mapping, roleOf, ruleOf, type ValueType } from "./mapping";

export interface Sample {
  header: string[];
  rows: string[][];
}

export const ROWS_SHOWN = 20;
const BYTES_READ = 262_144;
const DELIMITERS = [",", "\t", ";", "|"];

/** The first rows of a delimited text; null for other kinds of files, whose content only the server reads. */
export async function sampleOf(file: File, mapping: Mapping): Promise<Sample | null> {
  if (!/\.(csv|tsv|txt)$/i.test(file.name)) return null;
  const text = decoded(new Uint8Array(await file.slice(0, BYTES_READ).arrayBuffer()), mapping.read.encoding);
  if (text === null) return null;
  const records = parsed(text, mapping.read.delimiter ?? delimiterOf(text), ROWS_SHOWN + 1 + mapping.read.skip_lines).slice(mapping.read.skip_lines);
  if (mapping.read.header === false) return { header: mapping.read.columns, rows: records.slice(0, ROWS_SHOWN) };
  return { header: records[0] ?? [], rows: records.slice(1, ROWS_SHOWN + 1) };
}

/** Bytes as text; the last character may be cut in the middle. */
export function decoded(bytes: Uint8Array, encoding?: string | null): string | null {
  for (const name of encoding ? [encoding] : ["utf-8", "gb18030"]) {
    try {
      return new TextDecoder(name, { fatal: true }).decode(bytes, { stream: true });
    } catch {
      continue;
    }
  }
  return null;
}

export function delimiterOf(text: string): string {
  const line = text.split(/\r?\n/, 1)[0] ?? "";
  const count = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.toSorted((one, other) => count(other) - count(one))[0] ?? ",";
}

/** The first records of a delimited text, with quotes as RFC 4180 has them. */
export function parsed(text: string, delimiter: string, most: number): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = "";
  let quoted = false;
  const endCell = () => {
    record.push(cell);
    cell = "";
  };
  for (let place = 0; place < text.length && records.length < most; place += 1) {
    const letter = text[place] as string;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[place + 1] === '"') {
        cell += '"';
        place += 1;
      } else quoted = false;
    } else if (letter === '"' && cell === "") quoted = true;
    else if (letter === delimiter) endCell();
    else if (letter === "\n") {
      endCell();
      if (record.length > 1 || record[0] !== "") records.push(record);
      record = [];
    } else if (letter !== "\r") cell += letter;
  }
  if (records.length < most && !quoted && (cell !== "" || record.length > 0)) {
    endCell();
    records.push(record);
  }
  return records;
}

export type Dirt = "number" | "boolean" | "time" | "json" | "person" | "timeMissing" | "event" | "width";

const WORDS = new Set(["true", "t", "yes", "y", "1", "1.0", "on", "是", "真", "对", "false", "f", "no", "n", "0", "0.0", "off", "否", "假", "错"]);
const NUMBER = /^[+-]?[\p{Sc}\s]*(\d[\d,\s]*)?(\.\d+)?(e[+-]?\d+)?\s*%?$/iu;

function typeDirt(cell: string, type: ValueType): Dirt | null {
  const text = cell.trim();
  if (type === "number") return NUMBER.test(text) && /\d/.test(text) ? null : "number";
  if (type === "boolean") return WORDS.has(text.toLowerCase()) ? null : "boolean";
  if (type === "time") return isTime(text) ? null : "time";
  if (type !== "json") return null;
  try {
    JSON.parse(text);
    return null;
  } catch {
    return "json";
  }
}

/** Whether a text looks like a time of any of the usual forms. */
export function isTime(text: string): boolean {
  return /^\d{8}(\d{2}|\d{5})?$/.test(text) || /^\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?/.test(text) || /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}/.test(text) || /^\d{9,16}(\.\d+)?$/.test(text) || !Number.isNaN(Date.parse(text));
}

/** What is wrong in a row, by the place of the cell. */
export function dirtOf(row: string[], header: string[], mapping: Mapping): Map<number, Dirt> {
  const found = new Map<number, Dirt>();
  const isNull = (cell: string) => cell.trim() === "" || mapping.null_values.includes(cell.trim());
  const filled = (columns: readonly (string | null | undefined)[]) => columns.some((name) => name && !isNull(row[header.indexOf(name)] ?? ""));
  const { distinct_id: person, event, time } = mapping;
  if (row.length !== header.length) found.set(Math.min(row.length, header.length) - 1, "width");
  header.forEach((column, place) => {
    const cell = row[place] ?? "";
    const role = roleOf(mapping, column);
    if (role === "time" && !isNull(cell) && time?.columns.length === 1 && time.format === "auto" && !isTime(cell.trim())) found.set(place, "time");
    const rule = role === "property" || role === "person" ? ruleOf(mapping, column) : undefined;
    const dirt = rule && rule.invalid === "reject" && !isNull(cell) ? typeDirt(cell, rule.type) : null;
    if (dirt) found.set(place, dirt);
  });
  const mark = (columns: readonly (string | null | undefined)[], dirt: Dirt) => {
    const place = header.findIndex((name) => columns.includes(name));
    if (place >= 0 && !filled(columns)) found.set(place, dirt);
  };
  if (person.missing === "quarantine" && !person.template) mark([...person.columns, person.anonymous], "person");
  if (event?.column) mark([event.column], "event");
  if (event && time?.missing === "quarantine" && time.columns.length > 0) mark(time.columns, "timeMissing");
  return found;
}
