// Drives alipay-mobile, unmodified: each step names one of its functions and what it is given.
const { readFileSync } = require('node:fs');

process.env.TZ = 'Asia/Shanghai';
const facts = JSON.parse(readFileSync(0, 'utf8'));
const Alipay = require(facts.sdk_folder + '/node_modules/alipay-mobile').default;
const sdk = new Alipay({
  app_id: facts.app_id,
  appPrivKeyFile: facts.private_pkcs1,
  alipayPubKeyFile: facts.gateway_public_key,
  gatewayUrl: `http://${facts.host}:${facts.port}/gateway.do`,
});

(async () => {
  for (const step of facts.steps) {
    let answer;
    try {
      answer = step.notification
        ? { believed: sdk.makeNotifyResponse(step.notification).code === 0 }
        : (await sdk[step.call](...step.with)).data;
      if (typeof answer === 'string') answer = { order: answer };
    } catch (error) {
      answer = { refused_by_sdk: error.name, detail: String(error.message ?? error) };
    }
    console.log(JSON.stringify(answer));
  }
})();
