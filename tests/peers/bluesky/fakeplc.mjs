// A directory of accounts (DID PLC) in memory, for the tests: stores operations verbatim, answers with a DID document.
import http from 'node:http'
const ops = new Map()
const doc = (did, o) => ({
  '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
  id: did, alsoKnownAs: o.alsoKnownAs ?? [],
  verificationMethod: Object.entries(o.verificationMethods ?? {}).map(([k, v]) => ({ id: `${did}#${k}`, type: 'Multikey', controller: did, publicKeyMultibase: String(v).replace(/^did:key:/, '') })),
  service: Object.entries(o.services ?? {}).map(([k, s]) => ({ id: `#${k}`, type: s.type, serviceEndpoint: s.endpoint })),
})
http.createServer((req, res) => {
  const send = (c, b) => { res.writeHead(c, { 'content-type': 'application/json' }); res.end(JSON.stringify(b)) }
  const parts = decodeURIComponent(req.url.split('?')[0]).split('/').filter(Boolean)
  if (parts[0] === '_health') return send(200, { version: 'stub' })
  const did = parts[0]
  if (req.method === 'POST') {
    let s = ''; req.on('data', d => s += d); req.on('end', () => { const o = JSON.parse(s); ops.set(did, [...(ops.get(did) ?? []), o]); send(200, {}) }); return
  }
  const l = ops.get(did); if (!l) return send(404, { message: 'DID not registered: ' + did })
  const o = l[l.length - 1]
  if (parts[1] === 'data') return send(200, { did, ...o })
  if (parts[1] === 'log' && parts[2] === 'last') return send(200, o)
  if (parts[1] === 'log') return send(200, l)
  return send(200, doc(did, o))
}).listen(Number(process.env.PLC_PORT ?? 2582), '127.0.0.1', () => console.log('plc up'))
