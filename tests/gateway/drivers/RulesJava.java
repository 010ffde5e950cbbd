// A client that follows the rules of alipay-sdk-java, written from their description: what is
// signed, what goes into the query and what into the body, how the signed node is cut out of an
// answer, and which signatures are believed. Reads one step a line, tells one line each.
//
// Arguments: gateway address, app id, private key (PKCS#8, Base64), gateway key (X.509, Base64).
// A step: "call <TAB> method <TAB> biz_content" or "notification <TAB> form body".
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

public class RulesJava {
    static String gateway;
    static String appId;
    static PrivateKey own;
    static PublicKey theirs;

    public static void main(String[] args) throws Exception {
        gateway = args[0];
        appId = args[1];
        KeyFactory rsa = KeyFactory.getInstance("RSA");
        own = rsa.generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(args[2])));
        theirs = rsa.generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(args[3])));
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] parts = line.split("\t", 3);
            out.println(parts[0].equals("call") ? call(parts[1], parts[2]) : believes(parts[1]));
        }
    }

    static String call(String method, String content) throws Exception {
        Map<String, String> query = new TreeMap<>();
        query.put("app_id", appId);
        query.put("charset", "utf-8");
        query.put("format", "json");
        query.put("method", method);
        query.put("sign_type", "RSA2");
        query.put("timestamp", ZonedDateTime.now(ZoneId.of("GMT+8"))
            .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")));
        query.put("version", "1.0");
        query.put("alipay_sdk", "alipay-sdk-java-rules");
        query.put("notify_url", "");
        Map<String, String> signed = new TreeMap<>(query);
        signed.put("biz_content", content);
        query.put("sign", sign(canonical(signed)));
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway + "?" + form(query)))
            .header("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofString(form(Map.of("biz_content", content))))
            .build();
        String body = HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8)).body();
        String name = method.replace('.', '_') + "_response";
        String node = cut(body, body.contains("\"" + name + "\"") ? name : "error_response");
        String sign = body.replaceAll("(?s).*\"sign\":\"([^\"]*)\".*", "$1");
        if (!verified(node, sign) && !verified(node.replace("\\/", "/"), sign)) {
            return "{\"refused_by_sdk\":\"sign check fail\"}";
        }
        return node;
    }

    // From the first brace after the node's name to the one that closes it.
    static String cut(String body, String name) {
        int start = body.indexOf(name) + name.length() + 2;
        boolean inString = false;
        int depth = 0;
        for (int at = start; at < body.length(); at++) {
            char c = body.charAt(at);
            if (inString) {
                if (c == '\\') at++;
                else if (c == '"') inString = false;
            } else if (c == '"') inString = true;
            else if (c == '{') depth++;
            else if (c == '}' && --depth == 0) {
                if (body.indexOf(name, at) >= 0) throw new IllegalStateException("node twice");
                return body.substring(start, at + 1);
            }
        }
        throw new IllegalStateException("no node " + name + " in " + body);
    }

    static String believes(String form) throws Exception {
        Map<String, String> params = new TreeMap<>();
        for (String pair : form.split("&")) {
            String[] parts = pair.split("=", 2);
            params.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        String sign = params.remove("sign");
        params.remove("sign_type");
        return "{\"believed\":" + verified(canonical(params), sign) + "}";
    }

    static String canonical(Map<String, String> params) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> one : new TreeMap<>(params).entrySet()) {
            if (one.getValue() == null || one.getValue().isEmpty()) continue;
            if (text.length() > 0) text.append('&');
            text.append(one.getKey()).append('=').append(one.getValue());
        }
        return text.toString();
    }

    static String form(Map<String, String> params) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> one : params.entrySet()) {
            if (text.length() > 0) text.append('&');
            text.append(one.getKey()).append('=')
                .append(URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    static String sign(String text) throws Exception {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(own);
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(signature.sign());
    }

    static boolean verified(String text, String sign) throws Exception {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(theirs);
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        return signature.verify(Base64.getDecoder().decode(sign));
    }
}
