// The code stands behind the # so that no log sees it; it works once.
const code = location.hash.slice(1)
const form = document.querySelector('form[data-code]')
if (code && form) {
  history.replaceState(null, '', location.pathname)
  form.querySelector('[name=code]').value = code
  form.submit()
}
