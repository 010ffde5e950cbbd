// Drives alipay-sdk, unmodified: reads steps on stdin, prints what the SDK gave.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const facts = JSON.parse(readFileSync(0, 'utf8'));
const { AlipaySdk } = createRequire(facts.sdk_folder + '/')('alipay-sdk');
const sdk = new AlipaySdk({
  appId: facts.app_id,
  privateKey: facts.private_pkcs1,
  keyType: 'PKCS1',
  ...(facts.certificates
    ? {
        appCertContent: facts.certificates.app,
        alipayPublicCertContent: facts.certificates.gateway,
        alipayRootCertContent: facts.certificates.roots,
      }
    : { alipayPublicKey: facts.gateway_public_key_line }),
  signType: facts.sign_type ?? 'RSA2',
  charset: facts.charset ?? 'utf-8',
  endpoint: `http://${facts.host}:${facts.port}`,
  gateway: `http://${facts.host}:${facts.port}/gateway.do`,
  camelcase: false,
  encryptKey: facts.aes_key,
});

for (const step of facts.steps) {
  if (step.notification) {
    console.log(JSON.stringify({ believed: sdk.checkNotifySignV2(step.notification) }));
    continue;
  }
  const params = { ...step.beside };
  if (!step.beside || Object.keys(step.content).length) params.bizContent = step.content;
  if (step.app_auth_token) params.appAuthToken = step.app_auth_token;
  if (step.notify_url) params.notify_url = step.notify_url;
  if (step.return_url) params.return_url = step.return_url;
  let answer;
  try {
    if (step.rest) {
      const asks = step.verb === 'GET';
      const options = asks ? { query: step.content } : { body: step.content, needEncrypt: step.encrypt };
      answer = (await sdk.curl(step.verb ?? 'POST', step.rest, options)).data;
    } else if (step.encrypt) answer = await sdk.exec(step.method, { ...params, needEncrypt: true });
    else if (step.app) answer = { order: sdk.sdkExecute(step.method, params) };
    else if (step.page) answer = { address: sdk.pageExec(step.method, 'GET', params) };
    else answer = await sdk.exec(step.method, params, { validateSign: true });
  } catch (error) {
    answer = { refused_by_sdk: error.name, detail: String(error.message) };
  }
  console.log(JSON.stringify(answer));
}
