// Charts: <div class="chart" data-chart='{"at": [seconds], "rows": [[...], ...], "step": "hour"}' data-names='[...]'
// data-moment="Time">. Days are those of UTC, hours those of the reader's zone.
(() => {
  "use strict";
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang; // days before months, as in the pages
  const draw = (place) => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const { at, rows, step } = JSON.parse(place.dataset.chart);
    const timeZone = step === "day" ? "UTC" : document.documentElement.dataset.zone;
    const names = JSON.parse(place.dataset.names);
    const shades = ["--first", "--second", "--third", "--fourth"].map(colour);
    const shown = new Intl.NumberFormat(language);
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
    const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", ...(step === "day" ? {} : { timeStyle: "short", hourCycle: "h23" }), timeZone });
    const options = {
      width: place.clientWidth,
      height: 240,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), timeZone),
      scales: { y: { range: (chart, low, high) => [0, Math.max(high, 1) * 1.08] } },
      axes: [
        { ...axis, values: (chart, ticks) => ticks.map((tick) => short(tick, step, timeZone)), ...(step === "day" && { incrs: [1, 2, 7, 14, 30, 60, 120, 365].map((days) => days * 86400) }) },
        { ...axis, size: 56, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000], values: (chart, ticks) => ticks.map((tick) => shown.format(tick)) },
      ],
      series: [
        { label: place.dataset.moment, value: (chart, value) => (value === null ? "–" : moment.format(new Date(value * 1000))) },
        ...names.map((label, n) => ({
          label, stroke: shades[n], width: 2, dash: n > 1 ? [6, 5] : undefined, fill: n === 0 ? `${shades[0]}22` : undefined,
          points: { show: at.length < 40, size: 6 }, value: (chart, value) => (value === null ? "–" : shown.format(value)),
        })),
      ],
    };
    place.replaceChildren();
    return new uPlot(options, [at, ...rows], place);
  };
  const short = (tick, step, timeZone) => {
    const form = step === "day" ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    return new Intl.DateTimeFormat(language, { ...form, timeZone }).format(new Date(tick * 1000));
  };
  for (const place of document.querySelectorAll("[data-chart]")) {
    let chart = draw(place);
    let width = place.clientWidth;
    new ResizeObserver(() => {
      if (place.clientWidth === width) return;
      width = place.clientWidth;
      chart.setSize({ width, height: 240 });
    }).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { chart.destroy(); chart = draw(place); });
  }
})();
