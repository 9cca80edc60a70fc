export const kinds = ["browser", "python", "node", "curl"] as const;
export type Kind = (typeof kinds)[number];

/** A first event from each kind of program, ready to paste: nothing in it is left to fill in. */
export function snippet(kind: Kind, token: string, address: string): string {
  const base = address.replace(/\/+$/, "");
  switch (kind) {
    case "browser":
      return `// npm install mixpanel-browser
import mixpanel from "mixpanel-browser";

mixpanel.init(${literal(token)}, { api_host: ${literal(base)} });
mixpanel.track("Signed up", { plan: "pro" });
`;
    case "python":
      return `# pip install mixpanel
from mixpanel import Consumer, Mixpanel

server = ${literal(base)}
mp = Mixpanel(${literal(token)}, Consumer(
    events_url=server + "/track",
    people_url=server + "/engage",
    groups_url=server + "/groups",
))
mp.track("user-1", "Signed up", {"plan": "pro"})
`;
    case "node": {
      const { host, protocol } = new URL(base);
      return `// npm install mixpanel
const Mixpanel = require("mixpanel");

const mixpanel = Mixpanel.init(${literal(token)}, {
  host: ${literal(host)},
  protocol: ${literal(protocol.replace(":", ""))},
});
mixpanel.track("Signed up", { distinct_id: "user-1", plan: "pro" });
`;
    }
    case "curl":
      return `curl '${base}/track?verbose=1' \\
  --header 'content-type: application/json' \\
  --data '[{
    "event": "Signed up",
    "properties": {
      "token": ${literal(token)},
      "distinct_id": "user-1",
      "plan": "pro"
    }
  }]'
`;
  }
}

function literal(text: string): string {
  return JSON.stringify(text);
}
