using System.Text.RegularExpressions;

namespace AuthServer.ProtocolTests.Security;

/// <summary>URIs made to look like registered ones: what Keycloak, authentik, Duende and others once let through, and their neighbours.</summary>
internal static partial class HostileUris
{
    private static readonly string[] Schemes =
    [
        "HTTPS://", "Https://", "hTTps://", "http://", "HTTP://", "ftp://", "wss://", "file://", "gopher://", "app://", "https:/", "https:", "https:///", "https:////", "https:\\\\", "https:/\\", "https:\\/",
        "//", "/", "\\\\", "/\\", "///", "", ":", "://", " https://", "\thttps://", "\0https://", "\nhttps://", "\u00a0https://", "\ufeffhttps://", "ht\ttps://", "ht\ntps://", "https\u0000://", "https%3a//", "https&colon;//",
        "view-source:https://", "blob:https://", "jar:https://", "feed:https://", "intent://", "javascript://", "x-javascript:https://",
    ];

    private static readonly string[] Hosts =
    [
        "evil.test", "app.test.evil.test", "app.test.", "app.test..", "APP.TEST", "App.test", "sub.app.test", "evilapp.test", "evil-app.test", "app-test", "app.tes", "app.testt", "app.test,evil.test", "app.test;evil.test",
        "app.test:443", "app.test:80", "app.test:", "app.test:0443", "app.test:8443", "app.test:evil.test", "app.test@evil.test", "evil.test@app.test", "user@app.test", "user:password@app.test", ":@app.test", "@app.test",
        "app.test:443@evil.test", "app.test%40evil.test", "app.test%2eevil.test", "app.test%2fevil.test", "app.test%5cevil.test", "app.test%00.evil.test", "app.test%0aevil.test", "app.test%09.evil.test", "app%2etest", "%61pp.test",
        "app.test\\.evil.test", "app.test\\@evil.test", "evil.test\\@app.test", "app.test/@evil.test", "app.test/.evil.test", "app.test#@evil.test", "app.test?@evil.test", "app。test", "app\u2024test", "ａpp.test", "аpp.test", "app.t\u00e9st", "app\u00ad.test",
        "app.test\u0000", "app.test\r\n", "app .test", "xn--pp-eka.test", "localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433", "017700000001", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[::1%25lo]", "[fe80::1%25eth0]", "[app.test]", "169.254.169.254",
    ];

    private static readonly string[] Tails =
    [
        "/", "//", "/.", "/..", "/./", "/../", "/../evil", "/..;/evil", "/..;/", ";", ";/../evil", ";x=1", "..;/", "../cb", "/cb", "/%2e%2e/evil", "/%2E%2E%2Fevil", "/%252e%252e/evil", "%2f..%2fevil", "%2f%2e%2e%2fevil", "/..%2fevil", "/..%5cevil", "/..%c0%afevil", "/..%ef%bc%8fevil",
        "\\", "\\..\\evil", "\\@evil.test", "@evil.test", "#", "#@evil.test", "#code=1", "%23", "?", "?x=1", "?tenant=2", "?tenant=1&x=1", "?TENANT=1", "?tenant=1#", "%3ftenant=1", "&tenant=1", "?redirect=https://evil.test", "??tenant=1", "?tenant=1?", "?%74enant=1",
        " ", "%20", "+", "\t", "%09", "\n", "%0a", "\r\nLocation: https://evil.test", "%0d%0aLocation:%20https://evil.test", "\0", "%00", "\u007f", "\u0085", "\u2028", "\u200b", "\ufeff", "\u202e", "é", "*", "%", "%zz", "%u002e", "|", "<script>", "\"", "'", "`", "^", "{}", ",https://evil.test", " https://evil.test", ".evil", ".", ":evil",
    ];

    private static readonly string[] Whole =
    [
        "javascript:alert(1)", "JavaScript:alert(1)", "jAvAsCrIpT:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)", "\u0001javascript:alert(1)", "javascript://app.test/cb%0aalert(1)", "javascript:https://app.test/cb", "javascript&#58;alert(1)",
        "data:text/html,<script>alert(1)</script>", "DATA:text/html;base64,PHNjcmlwdD4=", "data:,https://app.test/cb", "vbscript:msgbox(1)", "VBScript:msgbox(1)", "about:blank", "about:srcdoc", "chrome://settings", "file:///etc/passwd", "mailto:a@evil.test", "tel:+1", "urn:ietf:wg:oauth:2.0:oob", "urn:x",
        "cb", "/cb", "?", "#", ".", "..", "*", "https", "https:", "https://", "https://*", "https://*.test/cb", "https://app.test/*", "null", "undefined", "about:", "https://evil.test/https://app.test/cb", "https://evil.test/?https://app.test/cb", "https://evil.test/#https://app.test/cb", "https://evil.test?u=https://app.test/cb",
        "https://app.test/CB", "https://app.test/Cb", "https://app.test/%63b", "https://app.test/c%62", "https://app.test//cb", "https://app.test/./cb", "https://app.test/x/../cb", "https://app.test/%2e/cb", "https://app.test/cb/%2e%2e/cb", "https://app.test", "https://app.test/", "https://app.test/c", "https://app.test/cbb", "https://app.test?/cb", "https://app.test/cb,https://app.test/cb",
    ];

    private static readonly string[] Loopback =
    [
        "http://127.0.0.1:0/cb", "http://127.0.0.1:1/cb", "http://127.0.0.1:65535/cb", "http://127.0.0.1:49152/cb", "http://[::1]/cb", "http://[::1]:9/cb", "http://[::1]:65535/cb", "http://127.0.0.1:65536/cb", "http://127.0.0.1:99999/cb", "http://127.0.0.1:100000/cb", "http://127.0.0.1:000080/cb", "http://127.0.0.1:/cb",
        "http://127.0.0.1:-1/cb", "http://127.0.0.1:+80/cb", "http://127.0.0.1: 80/cb", "http://127.0.0.1:80 /cb", "http://127.0.0.1:8o/cb", "http://127.0.0.1:٣/cb", "http://127.0.0.1:80:80/cb", "http://127.0.0.1:80@evil.test/cb", "http://127.0.0.1:@evil.test/cb", "http://127.0.0.1@evil.test/cb", "http://x@127.0.0.1/cb",
        "http://127.0.0.1.evil.test/cb", "http://127.0.0.1:80.evil.test/cb", "http://127.0.0.1evil/cb", "http://127.0.0.10/cb", "http://127.0.0.2/cb", "http://127.1/cb", "http://127.0.1/cb", "http://0177.0.0.1/cb", "http://2130706433/cb", "http://localhost/cb", "http://localhost:80/cb", "https://127.0.0.1/cb", "HTTP://127.0.0.1/cb",
        "http://[::1]x/cb", "http://[::1]:80x/cb", "http://[::1]:80@evil.test/cb", "http://[::1]@evil.test/cb", "http://[::1].evil.test/cb", "http://[0:0:0:0:0:0:0:1]/cb", "http://[::ffff:127.0.0.1]/cb", "http://[::1%25lo]/cb", "http://[::2]/cb", "http://::1/cb", "http://127.0.0.1:80/cb/", "http://127.0.0.1:80/cb?x=1", "http://127.0.0.1:80/cb#x", "http://127.0.0.1:80/CB",
        "http://127.0.0.1:80//cb", "http://127.0.0.1:80/../cb", "http://127.0.0.1:80/cb/..", "http://127.0.0.1:80\\cb", "http://127.0.0.1:80", "http://127.0.0.1:80/", "http://127.0.0.1\\@evil.test/cb", "http://127.0.0.1:80\t/cb", "http://127.0.0.1:80\n/cb", "http://127.0.0.1#:80/cb", "http://127.0.0.1?:80/cb", "//127.0.0.1/cb", "http:127.0.0.1/cb", "http:/127.0.0.1/cb",
        "com.example.app:/cb", "com.example.app:cb", "com.example.app://cb", "com.example.app:/cb/", "com.example.app:/cb?x", "com.example.app:/cb#x", "COM.example.app:/cb", "com.example.apps:/cb", "com.example:/cb", "example.app:/cb", "com.example.app:80/cb", "com.example.app://127.0.0.1/cb",
    ];

    /// <summary>For a client whose URIs are <c>https://app.test/cb</c> and <c>https://app.test/cb?tenant=1</c>. Some are as registered: the accepting side is tried too.</summary>
    public static IReadOnlyList<string> ForWeb { get; } =
    [
        .. new[] { AttackedServer.Callback, AttackedServer.CallbackWithQuery }
            .Concat(Schemes.Select(s => s + "app.test/cb"))
            .Concat(Hosts.Select(h => "https://" + h + "/cb"))
            .Concat(Tails.Select(t => "https://app.test/cb" + t))
            .Concat(Whole).Concat(Loopback).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>For a native client with loopback addresses and a scheme of its own.</summary>
    public static IReadOnlyList<string> ForNative { get; } =
    [
        .. new[] { "http://127.0.0.1/cb", "http://[::1]:4711/cb" }.Concat(Loopback)
            .Concat(Tails.Select(t => "http://127.0.0.1:8080/cb" + t)).Concat(Whole).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The property, said without the code under test: equal to a registered value, or RFC 8252 §7.3's free port.</summary>
    public static bool MayPass(string uri, IReadOnlyList<string> registered, bool native) =>
        registered.Contains(uri, StringComparer.Ordinal) || (native && AnyPort.Match(uri) is { Success: true } match && (match.Groups["port"].Length == 0 || int.Parse(match.Groups["port"].Value, System.Globalization.CultureInfo.InvariantCulture) <= 65535));

    [GeneratedRegex(@"\Ahttp://(127\.0\.0\.1|\[::1\])(:(?<port>[0-9]{1,5}))?/cb\z")]
    private static partial Regex AnyPort { get; }
}
