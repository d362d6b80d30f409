// SPDX-License-Identifier: Apache-2.0
// One column of about 80 letters, figures a little wider, figures of numbers that line up, ink on paper or light on
// dark.
#include <nke/plots/html.hpp>

namespace nke::plots {

std::string_view page_style() {
  return R"css(:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --ink: #20242a; --quiet: #5d6570; --rule: #dcdfe3; --panel: #f3f4f2; --accent: #00588c;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #15181c; --ink: #dfe3e8; --quiet: #98a2ae; --rule: #333a42; --panel: #1d2126; --accent: #6cb8ea; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 17px/1.58 "Source Serif 4", "Source Serif Pro", Charter, "Bitstream Charter", Georgia, "DejaVu Serif", serif;
  font-kerning: normal; text-rendering: optimizeLegibility;
}
main { max-width: 860px; margin: 0 auto; padding: 3.2rem 1.5rem 4rem; }
header { margin-bottom: 2rem; }
h1, h2, h3, nav, th, caption, figcaption, summary, footer, .facts dt {
  font-family: "Source Sans 3", "Source Sans Pro", "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif;
}
h1 { font-size: 2.25rem; line-height: 1.15; font-weight: 650; letter-spacing: -0.015em; margin: 0 0 0.7rem; overflow-wrap: anywhere; }
h2 { font-size: 1.4rem; line-height: 1.25; font-weight: 650; margin: 3.2rem 0 0.9rem; padding-top: 1.1rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.08rem; font-weight: 650; margin: 2rem 0 0.5rem; }
h1 code, h2 code, h3 code { font-weight: 500; background: none; padding: 0; }
p { margin: 0 0 1rem; max-width: 44rem; hyphens: auto; overflow-wrap: break-word; }
.lead { font-size: 1.16rem; line-height: 1.5; color: var(--quiet); }
.formula { margin: 1.3rem 0; max-width: none; text-align: center; font-size: 1.12rem; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
sup, sub { font-size: 0.72em; line-height: 0; }
nav ol { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; font-size: 0.92rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
code, pre { font-family: "JetBrains Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-size: 0.84em; background: var(--panel); padding: 0.1em 0.32em; border-radius: 3px; overflow-wrap: anywhere; }
pre { background: var(--panel); border-radius: 6px; padding: 0.85rem 1.1rem; margin: 0 0 1.2rem; overflow-x: auto; font-size: 0.84rem; line-height: 1.5; }
pre code { font-size: inherit; background: none; padding: 0; overflow-wrap: normal; }
.facts { margin: 1.2rem 0 1.6rem; border-top: 1px solid var(--rule); font-variant-numeric: tabular-nums lining-nums; }
.facts div { display: grid; grid-template-columns: 13rem 1fr; gap: 1.2rem; padding: 0.42rem 0; border-bottom: 1px solid var(--rule); }
.facts dt { color: var(--quiet); font-size: 0.9rem; line-height: 1.75; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin: 1.4rem 0 1.8rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; line-height: 1.4; font-variant-numeric: tabular-nums lining-nums; }
caption { caption-side: top; text-align: left; color: var(--quiet); font-size: 0.9rem; padding-bottom: 0.6rem; }
caption b, figcaption b { color: var(--ink); font-weight: 650; }
th { text-align: left; font-weight: 600; font-size: 0.84rem; color: var(--quiet); vertical-align: bottom; }
th, td { padding: 0.36rem 0.9rem 0.36rem 0; }
th:last-child, td:last-child { padding-right: 0.2rem; }
thead tr { border-top: 1.5px solid var(--ink); border-bottom: 1px solid var(--ink); }
tbody tr { border-bottom: 1px solid var(--rule); }
tbody tr:last-child { border-bottom: 1.5px solid var(--ink); }
.number { text-align: right; white-space: nowrap; }
.number + :not(.number) { padding-left: 1.2rem; }
figure { margin: 1.6rem 0 2rem; }
.drawings { display: grid; grid-template-columns: repeat(auto-fit, minmax(340px, 1fr)); gap: 0 1.4rem; align-items: start; }
.paper { background: #fff; border: 1px solid var(--rule); border-radius: 6px; padding: 0.5rem; }
.paper > div { margin: 0 auto; }
.paper svg { display: block; width: 100%; height: auto; }
figcaption { margin-top: 0.65rem; color: var(--quiet); font-size: 0.88rem; line-height: 1.5; }
.command { display: block; width: fit-content; max-width: 100%; margin-top: 0.4rem; font-size: 0.8rem; }
details { margin: 1.2rem 0; border: 1px solid var(--rule); border-radius: 6px; padding: 0 1.1rem; }
summary { cursor: pointer; padding: 0.65rem 0; font-size: 0.95rem; font-weight: 600; }
details[open] > summary { margin-bottom: 0.3rem; }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--quiet); font-size: 0.84rem; line-height: 1.5; }
footer p { max-width: none; }
@media (max-width: 560px) {
  body { font-size: 16px; }
  main { padding-top: 1.6rem; }
  .facts div { grid-template-columns: 1fr; gap: 0; }
  .drawings { grid-template-columns: 1fr; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --quiet: #444; --rule: #ccc; --panel: #f5f5f5; --accent: #000; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  h2, h3 { break-after: avoid; }
  figure, table, .facts div { break-inside: avoid; }
  .paper { border: 0; padding: 0; }
  details { border: 0; padding: 0; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
)css";
}

}  // namespace nke::plots
