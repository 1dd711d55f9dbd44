"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const one = (selector, within) => (within || document).querySelector(selector);
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const figure = (value, digits) => Number(value.toPrecision(digits)).toLocaleString("en-US", { maximumSignificantDigits: 6 });

  // --- The table: sorted by its headings, narrowed by view, family and the frame drawn in the chart.
  const table = one("[data-table]");
  const body = one("tbody", table);
  const rows = all("tr", body);
  const view = one("[data-view]");
  const family = one("select[data-family]");
  const clear = one("[data-clear]");
  let framed = null;

  const narrow = () => {
    let shown = 0;
    for (const row of rows) {
      const wanted = framed ? framed.has(row.dataset.key)
        : view.value === "all" || (view.value === "short" ? "short" in row.dataset : row.dataset.state === "feasible");
      row.hidden = !(wanted && (family.value === "" || row.dataset.family === family.value));
      shown += row.hidden ? 0 : 1;
    }
    one("[data-count]").textContent = `${shown} of ${rows.length} shown` + (framed ? ", framed in the chart" : "");
    one("[data-empty]").hidden = shown > 0;
    clear.hidden = !framed;
    view.disabled = Boolean(framed);
  };

  const sort = (heading, button) => {
    const column = Number(button.dataset.sort);
    const rising = heading.getAttribute("aria-sort") === "descending";
    for (const other of all("th", table)) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const numeric = heading.classList.contains("num");
    const value = (row) => row.cells[column].dataset.value;
    const order = rows.slice().sort((a, b) => {
      const [left, right] = [value(a), value(b)];
      if (left === "" || right === "") return (left === "") - (right === ""); // what is absent stands last either way
      const by = numeric ? Number(left) - Number(right) : left < right ? -1 : left > right ? 1 : 0;
      return rising ? by : -by;
    });
    body.append(...order);
  };

  for (const button of all("[data-sort]", table)) {
    button.addEventListener("click", () => sort(button.closest("th"), button));
  }
  view.addEventListener("change", narrow);
  family.addEventListener("change", narrow);
  one("[data-controls]").hidden = false;
  narrow();

  // --- Tabs over the best candidates.
  const tabs = one("[data-tabs]");
  const panels = all("[data-panel]");
  if (tabs) {
    const buttons = all("[role=tab]", tabs);
    const open = (number) => {
      buttons.forEach((button, n) => {
        button.setAttribute("aria-selected", String(n === number));
        button.tabIndex = n === number ? 0 : -1;
        panels[n].hidden = n !== number;
      });
    };
    buttons.forEach((button, n) => {
      button.addEventListener("click", () => open(n));
      button.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const next = (n + step + buttons.length) % buttons.length;
        open(next);
        buttons[next].focus();
      });
    });
    tabs.hidden = false;
    open(0);
  }

  // --- The floorplan: one mode at a time, and the temperature under the pointer.
  const cell = (edges, value) => {
    for (let n = 0; n + 1 < edges.length; n += 1) if (value >= edges[n] && value < edges[n + 1]) return n;
    return -1;
  };
  for (const panel of panels) {
    const plan = one("[data-plan]", panel);
    const modes = one("[data-modes]", panel);
    if (!modes) continue;
    const drawing = one("svg", plan);
    const map = data.maps[plan.dataset.plan];
    const readout = one("[data-readout]", modes);
    const current = () => one("input:checked", modes).value;
    modes.hidden = false;
    modes.addEventListener("change", () => {
      for (const layer of all(".heat", drawing)) {
        layer.setAttribute("visibility", layer.dataset.mode === current() ? "visible" : "hidden");
      }
      one("[data-mode-name]", panel).textContent = current();
      readout.textContent = "";
    });
    drawing.addEventListener("pointermove", (event) => {
      const area = drawing.getBoundingClientRect();
      const unit = drawing.viewBox.baseVal.width / area.width;
      const { left, top, scale, x0, y1 } = drawing.dataset;
      const x = Number(x0) + ((event.clientX - area.left) * unit - Number(left)) / Number(scale);
      const y = Number(y1) - ((event.clientY - area.top) * unit - Number(top)) / Number(scale);
      const [i, j] = [cell(map.x, x), cell(map.y, y)];
      const tenths = i < 0 || j < 0 ? null : map.modes[current()][i][j];
      readout.textContent = tenths === null ? "" : `${(tenths / 10).toFixed(1)} °C at ${x.toFixed(1)}, ${y.toFixed(1)} mm`;
    });
    drawing.addEventListener("pointerleave", () => { readout.textContent = ""; });
  }

  // --- The chart.
  const place = one("[data-chart]");
  const { points, step, need, families, names } = data.pareto;
  if (!points.length) {
    place.hidden = true;
    return;
  }
  const chart = echarts.init(place, null, { renderer: points.length > 1500 ? "canvas" : "svg" });
  const carriers = [...new Set(families.map((item) => item[1]))];
  const shapes = { "stacked die": "circle", "one die": "triangle" };
  const rates = points.map((point) => point.efficiency || 0);
  const [least, most] = [Math.min(...rates), Math.max(...rates)];
  const size = (point) => 9 + (most > least ? 9 * (((point.efficiency || 0) - least) / (most - least)) : 4);
  const touch = window.matchMedia("(pointer: coarse)").matches;
  const button = one("[data-frame]");
  let framing = !touch;

  const tip = (point) => {
    const box = document.createElement("div");
    box.className = "tip";
    const add = (name, text) => {
      const line = document.createElement(name);
      line.textContent = text;
      box.append(line);
    };
    add("strong", `${point.integration}, ${names[point.carrier] || point.carrier}`);
    add("div", point.path);
    add("div", `${figure(point.throughput, 3)} TFLOP/s, ${figure(Math.round(point.cost), 6)} USD` +
      (point.efficiency === null ? "" : `, ${figure(point.efficiency, 3)} TFLOP/s/W`));
    add("div", `${point.state}, all limits hold with ${(100 * point.probability).toFixed(1)} %`);
    if (point.binds) add("div", `binds: ${point.binds}`);
    return box;
  };

  const draw = () => {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const small = place.clientWidth < 520;
    const axis = (name, extra) => Object.assign({
      type: "value", scale: true, name, nameLocation: "middle",
      nameTextStyle: { color: color("--soft"), fontSize: 13 },
      axisLine: { show: true, lineStyle: { color: color("--strong-line") } }, axisTick: { show: true, lineStyle: { color: color("--strong-line") } },
      splitLine: { lineStyle: { color: color("--line") } },
      axisLabel: { color: color("--soft"), fontSize: 12, hideOverlap: true, formatter: (value) => value.toLocaleString("en-US") },
    }, extra);
    const costs = points.map((point) => point.cost);
    const heights = points.map((point) => point.throughput).concat(need === null ? [] : [need]);
    // Round ends, with air around what is drawn.
    const ends = (values, parts) => {
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const span = Math.max(high - low, 0.1 * Math.abs(high), 1e-9);
      const raw = (1.1 * span) / parts;
      const size = 10 ** Math.floor(Math.log10(raw));
      const interval = size * [1, 2, 5, 10].find((factor) => factor * size >= raw * 0.999);
      const min = Math.max(0, Math.floor((low - 0.05 * span) / interval) * interval);
      return { min, max: Math.ceil((high + 0.05 * span) / interval) * interval, interval };
    };
    const [across, up] = [ends(costs, small ? 3 : 6), ends(heights, 5)];
    // What so much money buys: nothing on the front below the cheapest, no more beyond the dearest.
    const bought = step.length ? [[step[0][0], up.min], ...step, [across.max, step[step.length - 1][1]]] : [];
    chart.setOption({
      animation: false, toolbox: { show: false }, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: small ? 52 : 64, right: small ? 14 : 26, top: 20, bottom: 54 },
      xAxis: axis("Cost of a good part, USD", Object.assign({ nameGap: 32 }, across)),
      yAxis: axis("Throughput, TFLOP/s", Object.assign({ nameGap: small ? 38 : 48 }, up)),
      tooltip: {
        trigger: "item", confine: true, backgroundColor: color("--ground"), borderColor: color("--strong-line"),
        textStyle: { color: color("--ink"), fontSize: 13 }, extraCssText: "box-shadow:none;border-radius:4px",
        formatter: (item) => (item.data && item.data.point ? tip(item.data.point) : ""),
      },
      brush: {
        xAxisIndex: 0, brushType: "rect", brushMode: "single", throttleType: "debounce", throttleDelay: 60, toolbox: [],
        brushStyle: { color: "rgba(120,130,140,0.16)", borderColor: color("--ink"), borderWidth: 1 },
        outOfBrush: { colorAlpha: 0.25 },
      },
      series: [
        {
          type: "line", name: "front", data: bought, step: "end", symbol: "none", silent: true, z: 1,
          lineStyle: { color: color("--ink"), width: 1.5 },
          markLine: need === null ? undefined : {
            silent: true, symbol: "none", data: [{ yAxis: need }], lineStyle: { color: color("--bad"), type: "dashed", width: 1 },
            label: { position: "insideStartTop", color: color("--bad"), fontSize: 12, formatter: `demanded: ${figure(need, 4)}` },
          },
        },
        // What stands is drawn over what does not.
        ...[false, true].flatMap((stands) => families.map(([integration, carrier]) => {
          const own = color(`--c${carriers.indexOf(carrier) % 6}`);
          const mine = (point) => point.integration === integration && point.carrier === carrier && (point.state === "feasible") === stands;
          return {
            type: "scatter", name: `${integration}, ${names[carrier] || carrier}`, symbol: shapes[integration] || "rect", z: stands ? 3 : 2,
            symbolSize: (value, item) => size(item.data.point),
            data: points.filter(mine).map((point) => ({
              value: [point.cost, point.throughput], point,
              itemStyle: {
                color: stands ? own : "transparent", opacity: stands || point.front ? 1 : 0.6,
                borderColor: point.front ? color("--ink") : stands ? color("--ground") : own,
                borderWidth: point.front ? 2.2 : stands ? 0.8 : 1.4,
              },
            })),
          };
        })),
      ],
    }, { replaceMerge: ["series"] });
    frame();
  };

  const frame = () => {
    chart.dispatchAction({
      type: "takeGlobalCursor", key: "brush", brushOption: framing ? { brushType: "rect", brushMode: "single" } : { brushType: false },
    });
    button.setAttribute("aria-pressed", String(framing));
  };

  chart.on("brushselected", (event) => {
    const batch = event.batch[0];
    if (!batch || !batch.areas.length) {
      if (framed) { framed = null; narrow(); }
      return;
    }
    const series = chart.getOption().series;
    framed = new Set();
    for (const part of batch.selected) {
      for (const n of part.dataIndex) {
        const item = series[part.seriesIndex].data[n];
        if (item && item.point) framed.add(item.point.key);
      }
    }
    narrow();
  });
  clear.addEventListener("click", () => {
    chart.dispatchAction({ type: "brush", areas: [] });
    framed = null;
    narrow();
  });
  button.hidden = !touch;
  button.addEventListener("click", () => { framing = !framing; frame(); });
  draw();
  new ResizeObserver(() => { chart.resize(); }).observe(place);
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    window.matchMedia(query).addEventListener("change", draw);
  }

  // --- Paper shows what is folded away on the screen.
  const folded = all("details.more:not([open])");
  window.addEventListener("beforeprint", () => { for (const item of folded) item.open = true; });
  window.addEventListener("afterprint", () => { for (const item of folded) item.open = false; });

  // --- Where the reader is.
  const links = all(".contents a");
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links) {
        if (link.hash === `#${entry.target.id}`) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  for (const link of links) seen.observe(document.getElementById(link.hash.slice(1)));
})();
