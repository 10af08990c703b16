using System.Net;
using System.Text;
using Smxp.Mail.Authentication;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Mail.Authentication.Dmarc;
using Smxp.Mail.Authentication.Results;
using Smxp.Mail.Authentication.Spf;

namespace Smxp.Fuzz.Targets;

/// <summary>
/// SPF, DKIM, DMARC and ARC over strangers' records and strangers' mail. A case is lines of a zone, an empty line, and a mail; each line goes to every parser of records besides, and what is
/// found must be written as a field that is read again.
/// </summary>
internal sealed class AuthenticationTarget : IFuzzTarget
{
    private const string Host = "mx.receiver.example";
    private const int MostLines = 50;

    private const string Mail = """
        DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=peer.test; s=s1; i=@peer.test; h=From:Subject; l=10; t=1760000000; x=1900000000; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA
        ARC-Seal: i=1; a=rsa-sha256; cv=none; d=peer.test; s=s1; b=AAAA
        ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=peer.test; s=s1; h=From; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA
        ARC-Authentication-Results: i=1; mx.test; spf=pass smtp.mailfrom=a@peer.test
        Authentication-Results: mx.test 1; dkim=pass (good) reason="x" header.d=peer.test header.b="a\"b"; spf=none
        From: Bob <bob@peer.test>
        Subject:  a
         b

        Hello
        """;

    private readonly AuthenticationOptions _options = new() { AuthservId = Host, TrustedSealers = ["peer.test"] };

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Seed.Lines($"TXT v=spf1 a:%{{d}} mx/24//64 ip4:192.0.2.0/24 ip6:2001:db8::/32 include:%{{ir}}.%{{v}}._spf.%{{d2}} exists:%{{l1r-}}.x ptr -all exp=why.%{{d}}\nA 192.0.2.1\nMX a.test\nPTR peer.test\n\n{Mail}\n"),
        Seed.Lines($"TXT v=spf1 redirect=_spf.%{{o}}\nTXT v=DMARC1; p=reject; sp=none; adkim=s; aspf=r; pct=50; rua=mailto:x@y.test!10m; fo=1:d\n\n{Mail}\n"),
        Seed.Lines($"TXT v=DKIM1; k=ed25519; t=s:y; h=sha256; s=email; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n\n{Mail.Replace("rsa-sha256", "ed25519-sha256", StringComparison.Ordinal)}\n"),
        Seed.Lines($"TXT v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB\n\n{Mail}\n"),
    ];

    public IReadOnlyList<byte[]> Words { get; } = Seed.Words(
        "TXT ", "A ", "MX ", "PTR ", "v=spf1 ", "v=DMARC1; ", "v=DKIM1; ", "all", "-all", "a/33", "//129", "ip4:", "ip6:::/0", "include:", "redirect=", "exp=", "exists:", "%{", "}", "%%", "%_", "%-", "%{s}", "%{d99999999999r}", "%{h0}", "%{p}",
        "%{t}", "%{L}", "p=", "p=reject;", "sp=", "pct=101;", "rua=mailto:", ";", "=", "; ", "b=", "bh=", "h=", "h=From:From:", "l=", "l=99999999999999999999", "i=", "i=51;", "d=", "s=", "s=..", "a=rsa-sha1", "c=simple/", "q=dns/txt", "t=y:s", "x=-1",
        "cv=fail", "DKIM-Signature: ", "ARC-Seal: ", "ARC-Message-Signature: ", "ARC-Authentication-Results: ", "From: ", "\r\n", "\r\n ", "\r\n\t", "\r\n\r\n", "\n", "\r", "\0", "(", ")", "((", "\\", "\"", "spf=pass", "smtp.mailfrom=", "reason=",
        "none", "/", ".", "..", "@", "xn--", "ö", "\ud83d\ude00", "\u2028", "\u0085", "AAAA", "====", " ");

    public async Task RunAsync(byte[] input)
    {
        int end = input.AsSpan().IndexOf("\r\n\r\n"u8);
        byte[] mail = end < 0 ? input : input[(end + 4)..];
        string text = Encoding.UTF8.GetString(input);
        string[] lines = [.. text.Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n").Take(MostLines)];
        foreach (string line in lines) ReadRecord(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);

        string author = lines.FirstOrDefault(static line => line.StartsWith("From:", StringComparison.OrdinalIgnoreCase)) is { } from ? from[5..].Trim().TrimEnd('>').Split('<')[^1] : "bob@peer.test";
        var request = new AuthenticationRequest
        {
            Client = IPAddress.Parse(mail.Length % 2 == 0 ? "192.0.2.1" : "2001:db8::1"),
            Helo = author.Split('@')[^1],
            MailFrom = mail.Length % 3 == 0 ? "" : author,
            HeaderFrom = [author],
            OpenMessage = _ => new(new MemoryStream(mail)),
        };
        var found = await new MailAuthenticator(new ZoneDns(lines), _options, TimeProvider.System, random: static most => most / 2).EvaluateAsync(request, CancellationToken.None);
        CheckResults(found.ToResults(Host));
    }

    private static void ReadRecord(string text)
    {
        _ = SpfRecordParser.TryParse(text, out _, out _);
        _ = MacroString.TryParse(text, out _);
        _ = MacroString.TryParseExplanation(text, out _);
        _ = MacroString.TryParseDomain(text, out _);
        _ = DmarcRecord.TryParse(text);
        _ = DkimKeyRecord.TryParse(text, out _);
        _ = TagList.TryParse(text, out _);
        AuthenticationResults.Claims(text, Host);
        if (AuthenticationResults.TryParse(text, out var results)) CheckResults(results);
    }

    private static void CheckResults(AuthenticationResults results)
    {
        string field = results.ToString();
        WrongOutcomeException.Unless(!field.Replace("\r\n\t", "", StringComparison.Ordinal).Any(char.IsControl), $"the field breaks out: {field}");
        WrongOutcomeException.Unless(AuthenticationResults.TryParse(field, out var again) && again.Results.Count == results.Results.Count, $"the field is not read as it was written: {field}");
    }
}
