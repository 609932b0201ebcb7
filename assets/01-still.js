/* Parts that no callback touches: the element is React's, what is inside it the scripts'. */
(function () {
  "use strict";

  const React = window.React;

  /** Markup comes from layouts/still.py, which escapes every text of it. */
  function Still(props) {
    const attributes = Object.assign({}, props.attributes);
    attributes.dangerouslySetInnerHTML = { __html: props.markup };
    return React.createElement(props.tag, attributes);
  }

  // what scripts wrote inside stays until another part stands in the place
  window.pingji.Still = React.memo(
    Still,
    (old, now) =>
      old.tag === now.tag &&
      old.markup === now.markup &&
      JSON.stringify(old.attributes) === JSON.stringify(now.attributes),
  );
})();
