/* The history of a station as plotly's figure, in the colours of the tokens. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const LINE_TOKEN = {
    record: "--warning-red",
    guarantee: "--warning-orange",
    warning: "--warning-yellow",
    high: "--text-strong",
    low: "--text-strong",
  };

  /** The city's own time as plotly takes it; it knows no zones. */
  function local(ms) {
    return pingji.format.full(ms);
  }

  function locals(list) {
    if (!list.length) return [];
    const times = list.map((at) => Date.parse(at));
    const shift = (ms) => Date.parse(local(ms).replace(" ", "T") + "Z") - ms;
    const first = shift(times[0]);
    const same = first === shift(times[times.length - 1]);
    return times.map((ms) =>
      same
        ? new Date(ms + first).toISOString().slice(0, 19).replace("T", " ")
        : local(ms),
    );
  }

  /** An answer of the chart's question as plotly's figure. */
  pingji.chartFigure = (told) => {
    const style = window.getComputedStyle(document.documentElement);
    const token = (name) => style.getPropertyValue(name).trim();
    const rem = parseFloat(style.fontSize);
    const rain = told.step_s !== null;
    const unit = pingji.page.units[told.factor] || "";
    const x = locals(told.at);
    const name = pingji.code("factor", told.factor);
    const data = [
      rain
        ? {
            type: "bar",
            x: x,
            y: told.value,
            width: told.step_s * 850,
            offset: told.step_s * 75,
            marker: { color: token("--chart-line") },
            name: name,
            hovertemplate: "%{y:.1f} " + unit + "<extra></extra>",
          }
        : {
            type: "scatter",
            mode: "lines",
            x: x,
            y: told.value,
            connectgaps: false,
            line: { color: token("--chart-line"), width: rem * 0.11, simplify: false },
            name: name,
            hovertemplate: "%{y} " + unit + "<extra></extra>",
          },
    ];
    if (told.suspect.at.length) {
      data.push({
        type: "scatter",
        mode: "markers",
        x: locals(told.suspect.at),
        y: told.suspect.value,
        name: pingji.say("suspect_readings"),
        marker: { color: token("--text-quiet"), size: rem * 0.35, symbol: "x-thin-open" },
        hovertemplate: pingji.say("suspect_readings") + " %{y} " + unit + "<extra></extra>",
      });
    }
    const known = pingji.station.lines(told.station, told.factor);
    const values = told.value.filter((value) => value !== null);
    const high = Math.max(...values);
    const low = Math.min(...values);
    const lines = rain ? [] : drawn(known.lines, low, high);
    const all = values.concat(lines.map((line) => line.value));
    const top = Math.max(...all);
    const bottom = rain ? 0 : Math.min(...all);
    const pad = Math.max(top - bottom, rain ? 1 : 0.1) * 0.08;
    const axis = {
      color: token("--text-muted"),
      gridcolor: token("--border"),
      linecolor: token("--border-strong"),
      zerolinecolor: token("--border-strong"),
      tickfont: { size: rem * 0.72 },
      fixedrange: true,
    };
    const begin = locals([told.from, told.to]);
    const narrow = pingji.byId("drawer-chart").clientWidth < rem * 24;
    return {
      data: data,
      layout: {
        autosize: true,
        meta: told.key,
        margin: { l: rem * 2.9, r: rem * 0.7, t: rem * 1.6, b: rem * 2.7 },
        paper_bgcolor: token("--surface-panel"),
        plot_bgcolor: token("--surface-panel"),
        font: { family: token("--font"), color: token("--text-muted"), size: rem * 0.75 },
        showlegend: false,
        bargap: 0,
        hovermode: "x",
        hoverlabel: {
          bgcolor: token("--surface-raised"),
          bordercolor: token("--border-strong"),
          font: { color: token("--text-strong"), family: token("--font"), size: rem * 0.8 },
        },
        xaxis: Object.assign({}, axis, {
          type: "date",
          range: begin,
          showgrid: false,
          nticks: narrow ? 4 : 6,
          tickformat: told.span === "24h" ? "%H:%M\n%m-%d" : "%m-%d",
          hoverformat: "%m-%d %H:%M",
          ticks: "outside",
          ticklen: rem * 0.25,
          tickcolor: token("--border-strong"),
        }),
        yaxis: Object.assign({}, axis, {
          range: [rain ? 0 : bottom - pad, top + pad * 1.4],
          nticks: 6,
          showline: false,
        }),
        shapes: lines.map((line) => ({
          type: "line",
          xref: "paper",
          x0: 0,
          x1: 1,
          y0: line.value,
          y1: line.value,
          line: { color: token(LINE_TOKEN[line.name]), width: rem * 0.1, dash: "dash" },
        })),
        annotations: lines
          .map((line) => ({
            xref: "paper",
            x: 1,
            xanchor: "right",
            y: line.value,
            yanchor: "bottom",
            showarrow: false,
            text: pingji.code("threshold", line.name) + " " + pingji.format.value(line.value),
            font: { color: token("--text"), size: rem * 0.75 },
          }))
          .concat([
            {
              xref: "paper",
              yref: "paper",
              x: 0,
              xanchor: "left",
              xshift: -rem * 2.6,
              y: 1,
              yanchor: "bottom",
              yshift: rem * 0.3,
              showarrow: false,
              text: name + (unit ? " " + unit : "") + datum(known, told.factor),
              font: { color: token("--text-quiet"), size: rem * 0.72 },
            },
          ]),
      },
    };
  };

  function datum(known, factor) {
    return factor === "level" && known.datum ? " · " + known.datum : "";
  }

  /** The next line above, and every line that was reached; the rest would only flatten the curve. */
  function drawn(lines, low, high) {
    const above = lines.filter((line) => line.name !== "low" && line.value > high);
    const next = above.sort((a, b) => a.value - b.value)[0];
    return lines.filter(
      (line) => line === next || (line.name === "low" ? line.value >= low : line.value <= high),
    );
  }
})();
