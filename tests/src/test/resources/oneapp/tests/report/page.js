// What a page is, as data: evaluated by the debugger in the page; the page itself has no script.
(() => {
  const rgb = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const light = (c) => {
    const part = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches && matchMedia('screen').matches ? [18, 18, 18] : [255, 255, 255];
  };
  const ownText = (e) => [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join('');
  const elements = [...document.querySelectorAll('*')];
  const shown = (e) => e.checkVisibility() && e.getBoundingClientRect().width > 0;
  const texts = elements.filter((e) => !e.closest('head') && ownText(e) && !['title', 'desc'].includes(e.localName) && shown(e))
    .map((e) => {
      const style = getComputedStyle(e);
      const front = light(rgb(e instanceof SVGElement ? style.fill : style.color));
      const back = light(behind(e));
      return { text: ownText(e).slice(0, 60), contrast: (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05) };
    });
  return {
    skeleton: elements.map((e) => e.localName + '[' + [...e.attributes].map((a) => a.name).join(' ') + ']').join('\n'),
    tags: [...new Set(elements.map((e) => e.localName))].sort(),
    attributes: [...new Set(elements.flatMap((e) => [...e.attributes].map((a) => a.name)))].sort(),
    links: elements.flatMap((e) => ['href', 'src', 'xlink:href', 'action', 'data'].map((n) => e.getAttribute(n)).filter(Boolean)),
    width: document.scrollingElement.scrollWidth,
    charts: [...document.querySelectorAll('svg')].map((e) => e.getBoundingClientRect()).map((b) => ({ width: b.width, height: b.height })),
    lowestContrast: texts.sort((a, b) => a.contrast - b.contrast).slice(0, 3),
    verdict: texts.find((t) => t.text === document.querySelector('.word').textContent.trim()) || null,
    text: document.body.innerText,
  };
})()
