import { countryName } from "../../text/format";
import type { Schema } from "../../api/client";

/** Properties that say more about the client's machinery than about what happened. */
const machinery = /^(\$|mp_)/;
/** How many properties a row shows before it is opened. */
const SHOWN = 3;

/** The properties worth showing in a row: the app's own, and what was sealed, whatever its name. */
export function highlights(properties: Record<string, unknown>): [string, string][] {
  const all = Object.entries(properties).filter(([, value]) => value !== null && typeof value !== "object");
  const own = all.filter(([name, value]) => !machinery.test(name) || sealedKind(value) !== undefined);
  return own.slice(0, SHOWN).map(([name, value]) => [name, String(value)]);
}

/** `[email]`: a value that was taken out and sealed; its kind is all that is left of it. */
export function sealedKind(value: unknown): string | undefined {
  return typeof value === "string" ? /^\[([a-z_]{2,20})\]$/.exec(value)?.[1] : undefined;
}

/** A pseudonym as it stands in a row: enough of it to tell people apart. */
export function shortPerson(person: string): string {
  return person.slice(0, 10);
}

export function placeName(place: Schema["PlaceView"], tag: string): string {
  const country = place.country == null ? undefined : countryName(place.country, tag);
  const parts = [place.city ?? place.region, country].filter((part): part is string => part != null && part !== "");
  return new Intl.ListFormat(tag, { type: "unit", style: "short" }).format(parts);
}

export function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
