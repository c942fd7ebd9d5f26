"use strict";
// Shows the solids that `analoom.flows.viewer.solids` wrote into a figure of class "solids", by the plotly in the page.

// Plotly is held packed, and unpacked when a view is asked for.
async function unpackPlotly() {
  if (window.Plotly) return;
  const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), (c) => c.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.textContent = await new Response(unpacked).text();
  document.head.append(script);
}

// A layer as one mesh, lengths in um.
function meshOf(layer, dbuUm) {
  const mesh = { x: [], y: [], z: [], i: [], j: [], k: [] };
  for (const slab of layer.slabs) {
    for (const piece of slab.pieces) addPrism(mesh, piece.map((u) => u * dbuUm), slab.bottom_um, slab.top_um);
  }
  const light = { ambient: 0.65, diffuse: 0.6, specular: 0.05, roughness: 0.9 };
  const look = { color: layer.colour, flatshading: true, lighting: light, hoverinfo: "name", name: layer.name };
  return { type: "mesh3d", ...mesh, ...look, showlegend: true };
}

// A convex contour (x, y, x, y, ...) between two heights; a flat one has one face.
function addPrism(mesh, contour, bottom, top) {
  const corners = contour.length / 2, low = mesh.x.length, high = low + corners;
  const faces = top > bottom ? [bottom, top] : [top];
  for (const z of faces) {
    for (let n = 0; n < corners; n++) {
      mesh.x.push(contour[2 * n]);
      mesh.y.push(contour[2 * n + 1]);
      mesh.z.push(z);
    }
  }
  const add = (i, j, k) => { mesh.i.push(i); mesh.j.push(j); mesh.k.push(k); };
  for (let n = 1; n + 1 < corners; n++) faces.forEach((z, f) => add(low + f * corners, low + f * corners + n, low + f * corners + n + 1));
  for (let n = 0; faces.length > 1 && n < corners; n++) {
    const next = (n + 1) % corners;
    add(low + n, low + next, high + n);
    add(low + next, high + next, high + n);
  }
}

// How far off the camera stands: plotly scales a scene to the volume of a unit cube, so that a slender one is long.
function distance(meshes) {
  const reach = (name) => meshes.reduce(([low, high], mesh) => mesh[name].reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)], [low, high]), [Infinity, -Infinity]);
  const sides = ["x", "y", "z"].map(reach).map(([low, high]) => Math.max(high - low, 1e-3));
  return 1.2 + 0.8 * Math.max(...sides) / Math.cbrt(sides[0] * sides[1] * sides[2]);
}

async function showSolids(figure) {
  const plot = figure.querySelector(".solid-plot"), data = JSON.parse(figure.querySelector(".shapes").textContent);
  await unpackPlotly();
  const axis = (title) => ({ title: { text: title }, showspikes: false });
  const meshes = data.layers.map((layer) => meshOf(layer, data.dbu_um)), far = distance(meshes);
  const camera = { eye: { x: -0.55 * far, y: -0.75 * far, z: 0.45 * far } };
  const scene = { xaxis: axis("x (µm)"), yaxis: axis("y (µm)"), zaxis: axis("z (µm)"), aspectmode: "data", camera };
  const layout = { scene, margin: { l: 0, r: 0, t: 0, b: 0 }, legend: { orientation: "h" }, uirevision: 1 };
  const config = { responsive: true, displaylogo: false, modeBarButtons: [["orbitRotation", "pan3d", "resetCameraDefault3d"]] };
  plot.hidden = false;
  await Plotly.newPlot(plot, meshes, layout, config);
  figure.querySelector("button").remove();
}

for (const figure of document.querySelectorAll(".solids")) {
  const button = figure.querySelector("button");
  button.addEventListener("click", () => {
    button.disabled = true;
    showSolids(figure).catch((error) => { button.textContent = `Cannot be shown here: ${error.message}`; });
  });
}
