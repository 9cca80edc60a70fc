import { mount } from "svelte";
import App from "./App.svelte";
import { session } from "./api/session.svelte";
import { locale } from "./text/locale.svelte";
import "./ui/base.css";

await Promise.all([locale.choosePreferred(), session.ask()]);
const target = document.getElementById("app");
if (target) mount(App, { target });
