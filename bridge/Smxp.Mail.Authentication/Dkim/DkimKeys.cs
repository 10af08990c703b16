using Smxp.Mail.Authentication.Dns;

namespace Smxp.Mail.Authentication.Dkim;

/// <summary>Fetches the keys of signatures (RFC 6376 §6.1.2).</summary>
internal sealed class DkimKeys(IMailDns dns)
{
    public async Task<DkimKeyAnswer> FindAsync(string selector, string domain, CancellationToken cancellationToken)
    {
        string name = $"{selector}._domainkey.{domain}";
        if (!DomainName.IsAskable(name)) return new(null, DkimResult.PermError, "the key's name is no name");
        var answer = await dns.TextAsync(name, cancellationToken).ConfigureAwait(false);
        if (answer.Failed) return new(null, DkimResult.TempError, "no answer for the key");
        if (answer.Records.Count == 0) return new(null, DkimResult.PermError, "there is no such key");

        // Other texts may stand beside a key; two keys leave it open which one is meant.
        string? fault = null;
        var keys = new List<DkimKeyRecord>();
        foreach (string text in answer.Records)
        {
            if (DkimKeyRecord.TryParse(text, out string? why) is { } key) keys.Add(key);
            else fault ??= why;
        }

        return keys.Count switch
        {
            1 => new(keys[0], DkimResult.Pass, null),
            0 => new(null, DkimResult.PermError, fault),
            _ => new(null, DkimResult.PermError, "there are several keys of this name"),
        };
    }
}

/// <summary>A key, or why there is none.</summary>
internal readonly record struct DkimKeyAnswer(DkimKeyRecord? Key, DkimResult Failure, string? Reason);
