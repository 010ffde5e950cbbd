<?php
// A client that follows the rules of alipay-sdk-php-all, written from their description: what is
// signed, how the signed node is cut out of an answer, and which signatures are believed.
// Arguments and steps as in RulesJava.java.
[, $gateway, $appId, $ownKey, $gatewayKey] = $argv;
$own = "-----BEGIN PRIVATE KEY-----\n" . wordwrap($ownKey, 64, "\n", true)
    . "\n-----END PRIVATE KEY-----";
$theirs = "-----BEGIN PUBLIC KEY-----\n" . wordwrap($gatewayKey, 64, "\n", true)
    . "\n-----END PUBLIC KEY-----";

function canonical(array $params): string
{
    ksort($params);
    $parts = [];
    foreach ($params as $name => $value) {
        if ($value !== null && trim($value) !== '' && $value[0] !== '@') {
            $parts[] = "$name=$value";
        }
    }
    return implode('&', $parts);
}

function verified(string $text, string $sign): bool
{
    global $theirs;
    return openssl_verify($text, base64_decode($sign), $theirs, OPENSSL_ALGO_SHA256) === 1;
}

function call(string $method, string $content): string
{
    global $gateway, $appId, $own;
    $query = [
        'app_id' => $appId, 'version' => '1.0', 'format' => 'json', 'sign_type' => 'RSA2',
        'method' => $method,
        'timestamp' => (new DateTime('now', new DateTimeZone('Asia/Shanghai')))->format('Y-m-d H:i:s'),
        'alipay_sdk' => 'alipay-sdk-php-rules', 'charset' => 'UTF-8', 'return_url' => '',
    ];
    openssl_sign(canonical($query + ['biz_content' => $content]), $sign, $own, OPENSSL_ALGO_SHA256);
    $query['sign'] = base64_encode($sign);
    $http = curl_init($gateway . '?' . http_build_query($query));
    curl_setopt_array($http, [
        CURLOPT_RETURNTRANSFER => true, CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => http_build_query(['biz_content' => $content]),
        CURLOPT_HTTPHEADER => ['content-type: application/x-www-form-urlencoded;charset=UTF-8'],
    ]);
    $body = curl_exec($http);
    $name = str_replace('.', '_', $method) . '_response';
    if (strpos($body, $name) === false) {
        $name = 'error_response';
    }
    // No blanks are expected: two characters after the name begins the node, one before the
    // last "sign" it ends.
    $start = strpos($body, $name) + strlen($name) + 2;
    $node = substr($body, $start, strrpos($body, '"sign"') - 1 - $start);
    $sign = json_decode($body, true)['sign'] ?? '';
    if (!verified($node, $sign) && !verified(str_replace('\\/', '/', $node), $sign)) {
        return '{"refused_by_sdk":"check sign Fail"}';
    }
    return $node;
}

function believes(string $form): string
{
    $params = [];
    foreach (explode('&', $form) as $pair) {
        [$name, $value] = explode('=', $pair, 2);
        $params[$name] = urldecode($value);
    }
    $sign = $params['sign'];
    unset($params['sign'], $params['sign_type']);
    return json_encode(['believed' => verified(canonical($params), $sign)]);
}

foreach (explode("\n", trim(stream_get_contents(STDIN))) as $line) {
    $step = explode("\t", $line, 3);
    echo $step[0] === 'call' ? call($step[1], $step[2]) : believes($step[1]), "\n";
}
