import { MediaQuery } from "svelte/reactivity";

/** Wide enough for all of the header in one row. */
export const roomy = new MediaQuery("width >= 860px");
