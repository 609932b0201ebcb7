/* The page's ground: its data, words in two languages, theme, and what buttons do.
 *
 * `window.pingji` is the one name that scripts share. Words come from layouts/words.py; text of the
 * layout itself stands there in both languages and the stylesheet shows the chosen one. */
(function () {
  "use strict";

  const listeners = {};
  const memory = {
    get(key) {
      try {
        return window.localStorage.getItem("pingji." + key);
      } catch (error) {
        return null;
      }
    },
    set(key, value) {
      try {
        window.localStorage.setItem("pingji." + key, value);
      } catch (error) {
        /* a browser that keeps nothing still shows everything */
      }
    },
  };

  const pingji = {
    page: null,
    memory: memory,
    acts: {},
    language: memory.get("language") === "en" ? "en" : "zh",
    theme: memory.get("theme") === "light" ? "light" : "dark",

    on(name, act) {
      (listeners[name] = listeners[name] || []).push(act);
    },

    /** Tell all who listen; what fails in one is reported and keeps the others from nothing. */
    emit(name, value) {
      (listeners[name] || []).forEach((act) => {
        try {
          act(value);
        } catch (error) {
          window.setTimeout(() => {
            throw error;
          });
        }
      });
    },

    /** A word of the catalogue in the chosen language, its {names} filled in. */
    say(key, fill) {
      const pair = pingji.page.words[key];
      if (!pair) return key;
      const word = pair[pingji.language === "en" ? 1 : 0];
      return fill ? word.replace(/\{(\w+)\}/g, (all, name) => String(fill[name])) : word;
    },

    /** The word of a code; a code that the list does not know speaks for itself. */
    code(list, code) {
      const pair = pingji.page.codes[list][code];
      return pair ? pair[pingji.language === "en" ? 1 : 0] : String(code);
    },

    /** The class of a subcategory, as the city's list has it. */
    classOf(kind, code) {
      if (!classes) {
        classes = new Map();
        Object.entries(pingji.page.classes).forEach(([name, codes]) => {
          const own = name.slice(0, name.indexOf("/") + 1);
          codes.forEach((one) => classes.set(own + one, name));
        });
      }
      return classes.get(kind + "/" + code) || kind + "/" + code.slice(0, 2);
    },

    /** set_props throws until Dash's renderer has mounted: keep, then replay in order. */
    setProps(id, props) {
      waiting.push([id, props]);
      replay();
    },

    byId: (id) => document.getElementById(id),

    /** Make an element; text is always text, never markup. */
    make(tag, className, text) {
      const element = document.createElement(tag);
      if (className) element.className = className;
      if (text !== undefined && text !== null) element.textContent = text;
      return element;
    },

    /** Write only what differs: nothing flickers and assistive technology is not disturbed. */
    write(element, text) {
      if (element && element.textContent !== text) element.textContent = text;
    },

    announce(text) {
      pingji.write(pingji.byId("shell-announcer"), text);
    },
  };

  let classes = null;
  const waiting = [];
  let replaying = null;

  function replay() {
    if (replaying !== null) return;
    while (waiting.length) {
      try {
        window.dash_clientside.set_props(waiting[0][0], waiting[0][1]);
      } catch (error) {
        if (waiting.length > 100) waiting.shift();
        replaying = window.setTimeout(() => {
          replaying = null;
          replay();
        }, 100);
        return;
      }
      waiting.shift();
    }
  }

  function dress() {
    const root = document.documentElement;
    root.lang = pingji.language === "en" ? "en" : "zh-CN";
    root.dataset.language = pingji.language;
    root.dataset.theme = pingji.theme;
    // what a server refuses is said in this language too
    document.cookie = "pingji_language=" + pingji.language + "; path=/; samesite=lax; max-age=31536000";
    if (pingji.page) {
      const name = pingji.page.city.name[pingji.language === "en" ? 1 : 0];
      document.title = pingji.say("product") + " · " + name;
    }
  }

  pingji.acts.language = () => {
    pingji.language = pingji.language === "en" ? "zh" : "en";
    memory.set("language", pingji.language);
    dress();
    pingji.emit("language", pingji.language);
  };

  pingji.acts.theme = () => {
    pingji.theme = pingji.theme === "light" ? "dark" : "light";
    memory.set("theme", pingji.theme);
    dress();
    pingji.emit("theme", pingji.theme);
  };

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element && event.target.closest("[data-act]");
    if (target && pingji.acts[target.dataset.act]) pingji.acts[target.dataset.act](target, event);
  });

  window.pingji = pingji;
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    pingji: {
      /** Clientside callback: the page's data has arrived. */
      boot(data) {
        pingji.page = data;
        dress();
        pingji.emit("page", data);
        return window.dash_clientside.no_update;
      },
    },
  });
  dress();
})();
