// Drives alipay-sdk 3, unmodified: reads steps on stdin, prints what the SDK gave.
const { readFileSync } = require('node:fs');

const facts = JSON.parse(readFileSync(0, 'utf8'));
const AlipaySdk = require(facts.sdk_folder + '/node_modules/alipay-sdk').default;
const AlipayFormData = require(facts.sdk_folder + '/node_modules/alipay-sdk/lib/form').default;
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
  gateway: `http://${facts.host}:${facts.port}/gateway.do`,
  camelcase: false,
});

function camel(name) {
  return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}

async function run(step) {
  if (step.notification) return { believed: sdk.checkNotifySign(step.notification) };
  const params = {};
  for (const [name, value] of Object.entries(step.beside ?? {})) params[camel(name)] = value;
  if (!step.beside || Object.keys(step.content).length) params.bizContent = step.content;
  if (step.app_auth_token) params.appAuthToken = step.app_auth_token;
  if (step.notify_url) params.notifyUrl = step.notify_url;
  if (step.page) {
    const form = new AlipayFormData();
    form.setMethod('get');
    if (step.return_url) form.addField('returnUrl', step.return_url);
    form.addField('bizContent', step.content);
    return { address: await sdk.exec(step.method, {}, { formData: form }) };
  }
  if (step.app) return { order: sdk.sdkExec(step.method, params) };
  return sdk.exec(step.method, params, { validateSign: true });
}

(async () => {
  for (const step of facts.steps) {
    let answer;
    try {
      answer = await run(step);
    } catch (error) {
      answer = { refused_by_sdk: error.name, detail: String(error.message ?? error) };
    }
    console.log(JSON.stringify(answer));
  }
})();
