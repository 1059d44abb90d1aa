/** The style of the page: light and dark, for 360 px and wider. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --paper: #fff; --line: #d8dee4;
  --shade: #f4f6f8; --good: #1a7f37; --bad: #cf222e; --odd: #9a5b00; --link: #0a5ab8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b1; --paper: #0d1117;
  --line: #30363d; --shade: #161b22; --good: #4cc562; --bad: #ff7b72; --odd: #e3a63b;
  --link: #79b8ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0 0 .25rem; } p { margin: .25rem 0 .75rem; }
a { color: var(--link); } .soft { color: var(--soft); font-size: .875rem; }
code, pre { font: .8125rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { margin: 0; padding: .625rem .75rem; background: var(--shade); border: 1px solid var(--line);
  border-radius: 6px; white-space: pre-wrap; }
.legend { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr));
  gap: .125rem 1rem; padding: 0; margin: 0; list-style: none; font-size: .875rem; }
.legend li { padding-left: 2rem; } .legend b { display: inline-block; width: 2rem;
  margin-left: -2rem; padding-right: .5rem; text-align: center; white-space: nowrap; }
nav ul { padding-left: 1.25rem; margin: .75rem 0; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .1875rem .25rem; border-top: 1px solid var(--line); text-align: center; }
tr:first-child > * { border-top: 0; }
th:first-child { width: 100%; min-width: 9.5rem; padding-left: .625rem; text-align: left;
  font-weight: normal; position: sticky; left: 0; background: var(--paper); }
th[scope=col] { font-weight: 600; font-size: .8125rem; vertical-align: bottom; }
th[scope=col] span { display: block; white-space: nowrap; }
th[scope=colgroup] { background: var(--shade); font-weight: 600; font-size: .875rem; }
td { min-width: 1.625rem; font-weight: 600; white-space: nowrap; }
td a { display: block; } td small { display: block; font-weight: normal; line-height: 1; }
th small { display: block; color: var(--soft); line-height: 1.35; }
.pass, .pass a { color: var(--good); } .not-offered { color: var(--soft); }
.fail, .fail a, .missing, .missing a { color: var(--bad); }
.known, .known a, .unexpected, .unexpected a { color: var(--odd); }
td.fail, td.missing { background: color-mix(in srgb, var(--bad) 14%, transparent); }
td.known, td.unexpected { background: color-mix(in srgb, var(--odd) 14%, transparent); }
article { margin: 0 0 1rem; padding: .75rem; border: 1px solid var(--line); border-radius: 6px;
  border-left: 4px solid var(--bad); }
article:target { outline: 2px solid var(--link); }
article.is-known { border-left-color: var(--odd); }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr));
  gap: .75rem; }
.sides h4 { margin: .25rem 0; font-size: .8125rem; color: var(--soft); font-weight: 600; }
@media (min-width: 44.01rem) { td { min-width: 4.75rem; } }
@media (max-width: 44rem) { body { padding: .75rem; font-size: 15px; }
  th:first-child { min-width: 8.5rem; padding-left: .5rem; }
  th[scope=col]:not(:first-child) { height: 7rem; }
  th[scope=col] span { writing-mode: vertical-rl; transform: rotate(180deg); margin: auto; }
  th small { display: none; } }
`;
