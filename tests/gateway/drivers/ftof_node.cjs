// Drives alipay-ftof, unmodified: each step names one of its functions and what it is given.
const { readFileSync } = require('node:fs');

process.env.TZ = 'Asia/Shanghai';
const facts = JSON.parse(readFileSync(0, 'utf8'));
const FaceToFace = require(facts.sdk_folder + '/node_modules/alipay-ftof');
const sdk = new FaceToFace({
  appid: facts.app_id,
  notifyUrl: facts.notify_url ?? '',
  gatewayUrl: `http://${facts.host}:${facts.port}/gateway.do`,
  merchantPrivateKey: facts.private_pkcs1,
  alipayPublicKey: facts.gateway_public_key,
});

(async () => {
  for (const step of facts.steps) {
    let answer;
    try {
      answer = step.notification
        ? { believed: sdk.verifyCallback(step.notification) }
        : await sdk[step.call](...step.with);
    } catch (error) {
      answer = { refused_by_sdk: error.message, detail: JSON.stringify(error.info ?? String(error)) };
    }
    console.log(JSON.stringify(answer));
  }
})();
