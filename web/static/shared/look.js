// Runs before the page is painted, so that nothing is seen in another size or light first. A plain script, for that.
(() => {
  const root = document.documentElement;
  try {
    for (const name of ["text", "light"]) {
      const value = localStorage.getItem(`still-here:${name}`);
      if (value) root.dataset[name] = value;
    }
  } catch {
    // no storage: the page is as the device has it
  }
})();
