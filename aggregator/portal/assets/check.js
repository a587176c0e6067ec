// Sends the chosen or dropped workbook and shows what the server says of it.
const result = document.getElementById('result')
const input = document.querySelector('input[type=file]')
async function check(file) {
  result.textContent = 'Checking …'
  try {
    const response = await fetch(`${location.pathname}?name=${encodeURIComponent(file.name)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
    })
    if (!(response.headers.get('content-type') ?? '').includes('html')) throw new Error((await response.json()).detail)
    result.innerHTML = await response.text()
  } catch (error) {
    result.textContent = error.message || 'The server did not answer. Try again.'
  }
}
input.addEventListener('change', () => input.files[0] && void check(input.files[0]))
addEventListener('dragover', (event) => event.preventDefault())
addEventListener('drop', (event) => {
  event.preventDefault()
  if (event.dataTransfer.files[0]) void check(event.dataTransfer.files[0])
})
