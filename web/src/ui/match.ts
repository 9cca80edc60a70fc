import type { Option } from "./Combobox.svelte";

/** Options drawn at most; more than that is found by typing. */
const MAX_SHOWN = 100;

/**
 * The options for what was typed: those that begin with it, then those that contain it, in either case.
 * Where anything may be typed, the text itself comes first unless it is an option already.
 */
export function matching(options: Option[], typed: string, free: boolean): Option[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return options.slice(0, MAX_SHOWN);
  const place = (option: Option): number => option.label.toLowerCase().indexOf(wanted);
  const found = options.filter((option) => place(option) >= 0).sort((a, b) => Number(place(a) > 0) - Number(place(b) > 0));
  const own = free && !options.some((option) => option.value === typed) ? [{ value: typed, label: typed }] : [];
  return [...own, ...found].slice(0, MAX_SHOWN);
}
