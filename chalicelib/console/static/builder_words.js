// GrapesJS's words are a module of another kind: it leaves them in `exports`, where builder.js takes them from.
window.exports = {};
