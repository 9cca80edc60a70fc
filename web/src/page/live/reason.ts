import { locale, t } from "../../text/locale.svelte";

/** A reason of the collector's closed list in words; one that this page does not know yet as it is written. */
export function reasonText(reason: string): string {
  const key = `reason-${reason.replaceAll("_", "-")}`;
  return locale.has(key) ? t(key) : reason.replaceAll("_", " ");
}
