/**
 * @file The one style sheet of every report, and the part of it that a figure
 * saved as a file carries along.
 *
 * Colors are custom properties; light, dark and print differ in nothing else.
 * Series colors are from Okabe and Ito's palette (jfly.uni-koeln.de/color,
 * 2008); no meaning rests on color alone.
 */

const LIGHT = `
--paper:#fbfbf9;--panel:#fff;--ink:#16191d;--muted:#565e67;--rule:#dcdfe2;--strong-rule:#8b939c;
--link:#00588c;--track:#eef0f2;--wall:#3c444d;--floor:#fff;--lattice:#e6e8ea;--heat:#00497a;--negative:#a84300;--on-heat:#fff;
--s1:#0072b2;--s2:#d55e00;--s3:#007f5f;--s4:#a8497f;--s5:#2b8cc4;--s6:#9a6a00;
--right:#00664b;--wrong:#a84300;--wash:#eef5fa;`;

const DARK = `
--paper:#101316;--panel:#171b1f;--ink:#eceef0;--muted:#a6afb8;--rule:#2c3239;--strong-rule:#6d7782;
--link:#7cc4f2;--track:#23292f;--wall:#56616c;--floor:#12161a;--lattice:#2a3037;--heat:#8ccbf3;--negative:#f0a35e;--on-heat:#06121b;
--s1:#56b4e9;--s2:#e69f00;--s3:#1fbf93;--s4:#dd93bb;--s5:#f0e442;--s6:#ef7f3b;
--right:#3ecfa5;--wrong:#f2a45f;--wash:#16232d;`;

/** Rules for what is inside an SVG. */
const FIGURES = `
.figure{display:block;max-width:100%;height:auto;font-family:system-ui,sans-serif;font-variant-numeric:tabular-nums}
.figure text{fill:var(--ink);font-size:12px}
.figure .tick,.figure .axis-title{fill:var(--muted);font-size:11px}
.figure .axis-title{font-size:11.5px}
.figure .reason{fill:var(--muted);font-size:11px;font-style:italic}
.figure .value{font-weight:600}
.grid{stroke:var(--rule);stroke-width:1;fill:none}
.axis{stroke:var(--strong-rule);stroke-width:1;fill:none}
.zero{stroke:var(--strong-rule);stroke-width:1.2;fill:none}
.track{fill:var(--track)}
.bar{fill:var(--s1);fill-opacity:.28}
.whisker{stroke:var(--ink);stroke-width:1.6;fill:none}
.dot{fill:var(--s1);stroke:var(--panel);stroke-width:1.2}
.hatch-ground{fill:var(--track)}
.hatch-line{fill:var(--strong-rule);fill-opacity:.55}
.gap{stroke:var(--strong-rule);stroke-width:.6;stroke-opacity:.5}
.line{fill:none;stroke-width:2;stroke-linejoin:round}
.bridge{fill:none;stroke-width:1.4;stroke-dasharray:2 4}
.band{fill-opacity:.16}
.mark{stroke:var(--panel);stroke-width:1.2}
${[1, 2, 3, 4, 5, 6]
  .map(
    (i) =>
      `.line.s${i},.bridge.s${i},.whisker.s${i}{stroke:var(--s${i})}.band.s${i},.mark.s${i}{fill:var(--s${i})}.thing.s${i}{stroke:var(--s${i})}`,
  )
  .join("\n")}
.line.s2{stroke-dasharray:7 3}.line.s3{stroke-dasharray:2 3}.line.s4{stroke-dasharray:9 3 2 3}.line.s5{stroke-dasharray:12 4}.line.s6{stroke-dasharray:4 2}
.wall{fill:var(--wall)}
.floor{fill:var(--floor);stroke:var(--lattice);stroke-width:1}
.path{fill:none;stroke:var(--ink);stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round;stroke-opacity:.75}
.arrows{fill:var(--ink)}
.start{fill:var(--floor);stroke:var(--ink);stroke-width:2.4}
.end{fill:none;stroke:var(--ink);stroke-width:2.2}
.end-core{fill:var(--ink)}
.move{fill:var(--ink);stroke:var(--floor);stroke-width:2;paint-order:stroke;stroke-linejoin:round}
.route,.route-edge{fill:none;stroke:var(--s2);stroke-width:3.2;stroke-linejoin:round;stroke-linecap:round}
.route-edge{stroke:var(--floor);stroke-width:6}
.below-zero{fill:var(--ink)}
.thing{fill:var(--floor);stroke-width:2.2;stroke-linejoin:round}
.figure .thing-letter{font-size:11.5px;font-weight:700}
.heat.positive{fill:var(--heat)}.heat.negative{fill:var(--negative)}
.cell-edge{fill:none;stroke:var(--lattice);stroke-width:1}
.peak{fill:none;stroke:var(--s2);stroke-width:2.4}
.figure .on-heat{fill:var(--on-heat)}`;

/** Rules for scatters and diagonals: in a file of its own a figure carries them only where it has any. */
const DIAGONALS = `
.cross{stroke:var(--s1);stroke-width:1.2;stroke-opacity:.45;fill:none}
.diagonal{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:5 4;fill:none}
.figure .tally{font-size:11px;font-weight:700;paint-order:stroke;stroke:var(--panel);stroke-width:3;stroke-linejoin:round}`;

const PAGE = `
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif;font-variant-numeric:tabular-nums}
.wrap{max-width:68rem;margin:0 auto;padding:0 1.25rem}
.skip{position:absolute;left:-999rem;top:0;background:var(--panel);color:var(--link);padding:.75rem 1.25rem;z-index:1}
.skip:focus{left:0}
a{color:var(--link);text-underline-offset:.18em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
h1,h2,h3,h4,h5,p,figure,ul,ol,dl,dd,table{margin:0}
h1{font-size:clamp(1.9rem,1.2rem + 3vw,3.1rem);line-height:1.12;letter-spacing:-.022em;font-weight:680;text-wrap:balance}
h2{font-size:1.5rem;line-height:1.25;letter-spacing:-.012em;font-weight:660}
h3{font-size:1.15rem;line-height:1.35;font-weight:650}
h4{font-size:1.05rem;font-weight:650}
h5{font-size:1rem;font-weight:650}
.asked{margin-top:2rem}
p,li,dd{overflow-wrap:anywhere}
code,.code{font-family:ui-monospace,"SFMono-Regular",Menlo,Consolas,monospace;font-size:.875em;overflow-wrap:anywhere}
pre{margin:0;padding:.9rem 1rem;background:var(--track);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
header.top{padding:3.5rem 0 2.25rem}
.brand{display:flex;align-items:center;gap:.6rem;color:var(--muted);font-size:.9rem;margin-bottom:1.5rem}
.brand svg{width:1.5rem;height:1.5rem;flex:none}
.hero{display:grid;grid-template-columns:minmax(0,1.9fr) minmax(0,1fr);gap:2.5rem;align-items:start}
.hero figure{margin:0}
.hero figure svg{width:100%;max-width:19rem;border-radius:6px;margin-left:auto}
.hero figcaption{font-weight:400;font-size:.85rem;color:var(--muted);margin:.6rem 0 0 auto;max-width:19rem}
.cards{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:1.1rem;margin:1.5rem 0 2rem}
.cards>li{max-width:20rem;background:var(--panel);border:1px solid var(--rule);border-radius:10px;padding:.9rem;display:flex;flex-direction:column;gap:.55rem;min-width:0}
.cards svg{width:100%;border-radius:5px}
.cards .name{display:flex;justify-content:space-between;gap:.5rem;flex-wrap:wrap;font-size:.9rem}
.cards .said{font-weight:620;line-height:1.35}
.cards .fact{font-size:.86rem;color:var(--muted);line-height:1.4}
.lead{font-size:1.15rem;color:var(--muted);max-width:44rem;margin-top:1rem}
main>section{padding:2.25rem 0;border-top:1px solid var(--rule)}
main>section>h2{margin-bottom:.35rem}
.aside{color:var(--muted);max-width:46rem}
.section-note{color:var(--muted);max-width:46rem;margin-bottom:1.5rem}
.meta{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:.75rem 1.5rem;margin-top:2rem;font-size:.9rem}
.meta dt{color:var(--muted)}
.meta dd{font-weight:600}
.transcript dt{color:var(--muted);font-size:.85rem;margin-top:.75rem}
.transcript pre{white-space:pre-wrap}
.questions{list-style:none;padding:0;display:grid;gap:0;border-top:1px solid var(--rule)}
.questions>li{display:grid;grid-template-columns:2.25rem minmax(11rem,1fr) 2fr;gap:.25rem 1.25rem;padding:1rem 0;border-bottom:1px solid var(--rule);align-items:baseline}
.questions .number{font-size:.9rem;color:var(--muted)}
.questions .question{color:var(--muted)}
.questions .answer{font-size:1.05rem;font-weight:560}
.questions .more{font-size:.95rem;color:var(--muted);margin-top:.15rem}
.questions .from{font-size:.85rem;color:var(--muted);margin-top:.2rem}
.verdict{font-size:1.15rem;font-weight:560;max-width:48rem;margin-top:.5rem}
.verdict.open{font-weight:400;color:var(--muted)}
.arguments{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1.1rem 2.5rem;margin-top:1.25rem;font-size:.93rem}
.arguments :is(h3,h5){font-size:.93rem;margin-bottom:.3rem}
.arguments ul{padding-left:1.1rem;display:grid;gap:.35rem}
.arguments .none{color:var(--muted)}
.pill{display:inline-block;font-size:.75rem;font-weight:600;letter-spacing:.02em;padding:.05rem .5rem;border-radius:1rem;border:1px solid var(--strong-rule);color:var(--muted);margin-right:.45rem;white-space:nowrap}
.unscored .pill,.pill.hatched{background:repeating-linear-gradient(45deg,transparent 0 3px,var(--track) 3px 6px)}
.finding{background:var(--panel);border:1px solid var(--rule);border-radius:10px;padding:1.5rem;margin-top:1.25rem}
.finding .claim{color:var(--muted);font-size:.95rem;margin-top:.15rem}
.finding .summary{font-size:1.08rem;margin:.9rem 0;max-width:48rem}
.reading{display:flex;flex-wrap:wrap;gap:.1rem .9rem;align-items:baseline;margin-top:.9rem}
.reading strong{font-size:1.5rem;letter-spacing:-.01em}
.reading span{color:var(--muted);font-size:.9rem}
figure{margin:1.25rem 0}
.charts{columns:23rem 2;column-gap:2.5rem}
:is(p,dl)+.charts,.scroll+.scroll,details+.scroll{margin-top:1.25rem}
section>h3{margin-top:1.75rem}
.charts>figure{break-inside:avoid;margin:0;padding:.4rem 0 1rem}
figcaption{font-weight:620;font-size:.95rem;margin-bottom:.6rem}
.chart svg{width:100%;max-width:30rem}
.levels{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.25rem,1fr));gap:1.1rem;padding:0;list-style:none}
.levels svg{width:100%;border-radius:4px}
.levels span{display:block;font-size:.82rem;line-height:1.35;color:var(--muted);margin-top:.35rem}
.steps{border:0;margin:0;padding:0;min-width:0}
.steps legend{padding:0;font-size:.82rem;color:var(--muted);margin-bottom:.5rem}
.film{display:flex;flex-wrap:wrap;gap:.35rem;position:relative}
.step{position:absolute;opacity:0;width:1px;height:1px;margin:0}
.step+label{order:1;min-width:2.1rem;padding:.25rem .5rem;text-align:center;border:1px solid var(--strong-rule);border-radius:6px;font-size:.9rem;line-height:1.3;cursor:pointer}
.step:checked+label{background:var(--ink);color:var(--paper);border-color:var(--ink);font-weight:700;text-decoration:underline}
.step:focus-visible+label{outline:3px solid var(--link);outline-offset:2px}
.still{order:2;flex-basis:100%;min-width:0}
.still svg{width:100%;max-width:26rem;border-radius:4px;margin-top:.4rem}
.still p{font-size:.9rem;line-height:1.35;margin-top:.35rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.figure-note{font-size:.82rem;color:var(--muted);margin-top:.5rem}
details{margin-top:.6rem}
summary{cursor:pointer;font-size:.88rem;color:var(--link);width:fit-content;max-width:100%}
details>:not(summary){margin-top:.6rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.88rem}
caption{text-align:left;color:var(--muted);padding-bottom:.4rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .9rem .45rem 0;border-bottom:1px solid var(--rule)}
th{font-weight:600}
thead th{color:var(--muted);font-weight:560;white-space:nowrap;border-bottom:1px solid var(--strong-rule)}
td.num{white-space:nowrap}
.fails{padding-left:1.1rem;font-size:.92rem}
.mark-right,.mark-wrong{display:inline-flex;gap:.4rem;align-items:baseline;font-weight:650;white-space:nowrap}
.mark-right{color:var(--right)}.mark-wrong{color:var(--wrong)}
.versus{display:grid;grid-template-columns:1fr 1fr;border:1px solid var(--rule);border-radius:10px;overflow:hidden;margin:1.1rem 0;background:var(--panel)}
.versus>div{padding:1.1rem 1.35rem}
.versus>div+div{border-left:1px solid var(--rule);background:var(--wash)}
.versus h4{font-size:.82rem;color:var(--muted);font-weight:560;margin-bottom:.35rem}
.versus p{font-size:1.12rem;font-weight:600;line-height:1.4}
.versus .small{font-size:.88rem;font-weight:400;color:var(--muted);margin-top:.4rem}
.agent{padding-top:1.75rem;margin-top:1.75rem;border-top:1px solid var(--rule)}
.agent-head{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:baseline;justify-content:space-between}
footer{border-top:1px solid var(--rule);padding:1.75rem 0 3.5rem;color:var(--muted);font-size:.88rem}
@media (max-width:44rem){
.hero{grid-template-columns:1fr;gap:1.5rem}
.hero figure svg,.hero figcaption{margin-left:0}
.cards{grid-template-columns:repeat(auto-fill,minmax(9rem,1fr))}
header.top{padding-top:2rem}
.questions>li{grid-template-columns:1.6rem 1fr}
.questions>li>:nth-child(3){grid-column:2}
.versus{grid-template-columns:1fr}
.versus>div+div{border-left:0;border-top:1px solid var(--rule)}
.finding{padding:1.1rem}
table.stack,table.stack tbody,table.stack tr,table.stack td,table.stack th{display:block}
table.stack thead{position:absolute;left:-999rem}
table.stack tr{border-bottom:1px solid var(--strong-rule);padding:.6rem 0}
table.stack td,table.stack th{border:0;padding:.12rem 0}
table.stack td[data-label]::before{content:attr(data-label) ": ";color:var(--muted)}
}
@media screen{.step:not(:checked)+label+.still{display:none}}
@media print{
:root{${LIGHT}--paper:#fff}
html{color-scheme:light;font-size:9.5pt}
.wrap{max-width:none;padding:0}
header.top{padding:0 0 1rem}
h1{font-size:22pt}
.skip,.figure-data{display:none}
main>section{padding:1.1rem 0}
figure,.versus,.cards>li,.questions>li,tr{break-inside:avoid}
.finding{border:0;border-top:1px solid var(--rule);border-radius:0;padding:1rem 0}
h2,h3,h4,h5{break-after:avoid}
.agent{break-before:page}
details::details-content{content-visibility:visible;display:block;height:auto}
summary{color:var(--muted);list-style:none}
a{color:inherit;text-decoration:none}
.chart svg{max-width:23rem}
.steps legend,.step,.step+label{display:none}
.film{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.25rem,1fr));gap:.8rem}
.still{break-inside:avoid}
.still p{font-size:.82rem}
}
@page{margin:16mm 15mm}`;

/** The style sheet of a page. */
export const PAGE_STYLE = `:root{${LIGHT}}@media (prefers-color-scheme:dark){:root{${DARK}}}${FIGURES}${DIAGONALS}${PAGE}`;

/** The style sheet inside an SVG saved as a file. */
export const figureStyle = (svg: string): string =>
  `svg{background:var(--panel);${LIGHT}}@media (prefers-color-scheme:dark){svg{${DARK}}}${FIGURES}${svg.includes('class="diagonal"') ? DIAGONALS : ""}`;
