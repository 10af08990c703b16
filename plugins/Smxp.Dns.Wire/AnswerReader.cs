using Smxp.Plugins.Dns;

namespace Smxp.Dns.Wire;

/// <summary>Makes the answer to a question out of a response: follows aliases, takes the records of the type asked, and says how long it may be kept.</summary>
internal static class AnswerReader
{
    public const int MostAliases = 8;
    private const int MostRecords = 256;
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(1);
    private static readonly TimeSpan NegativeTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestNegativeTime = TimeSpan.FromHours(1);
    private static readonly TimeSpan FailedTime = TimeSpan.FromSeconds(3);

    public static DnsAnswer Failed(string why) => DnsAnswer.Empty(DnsStatus.Failed, FailedTime, why);

    /// <summary>For a name that cannot exist.</summary>
    public static DnsAnswer NotAName(string name) => DnsAnswer.Empty(DnsStatus.NoName, LongestNegativeTime, $"'{name}' is not a DNS name");

    /// <summary>Reads a response. Where its aliases lead out of it, <paramref name="next"/> is the name to ask for instead.</summary>
    public static DnsAnswer Read(DnsQuestion question, DnsResponse response, out string? next)
    {
        next = null;
        if (response.Code is not (DnsResponse.NoError or DnsResponse.NameError)) return Failed(CodeName(response.Code));
        if (response.Answers.Count > MostRecords) return Failed($"more than {MostRecords} records");

        string name = DnsName.Normalize(question.Name);
        uint seconds = uint.MaxValue;
        var seen = new HashSet<string> { name };
        while (question.Type != DnsRecordType.Cname && response.Answers.FirstOrDefault(record => record.Owner == name && record.Type == (int)DnsRecordType.Cname) is { } alias)
        {
            if (alias.Data is not NameData target) return Failed($"{name}: malformed CNAME");
            name = DnsName.Normalize(target.Name);
            seconds = Math.Min(seconds, Seconds(alias));
            if (!seen.Add(name) || seen.Count > MostAliases) return Failed($"the aliases form a loop, or more than {MostAliases} in a row");
        }

        ResourceRecord[] records = [.. response.Answers.Where(record => record.Owner == name && record.Type == (int)question.Type)];
        // RFC 9460 §2.2: one malformed SVCB record spoils the whole set; we hold it so for every type.
        if (records.Any(record => record.IsMalformed || record.Data is null)) return Failed($"{name}: malformed {question.Type} record");
        if (records.Length > 0)
        {
            TimeSpan lives = TimeSpan.FromSeconds(Math.Min(seconds, records.Min(Seconds)));
            return new DnsAnswer(DnsStatus.Found, [.. records.Select(record => record.Data!)], lives < LongestTime ? lives : LongestTime, response.Authenticated);
        }

        ResourceRecord? soa = response.Authorities.FirstOrDefault(record => record.Type == ResourceRecord.Soa);
        if (seen.Count > 1 && soa is null && response.Code == DnsResponse.NoError) next = name;
        // RFC 2308 §5: how long "no" may be kept stands in the zone's SOA.
        TimeSpan negative = soa is null ? NegativeTime : TimeSpan.FromSeconds(Math.Min(seconds, Seconds(soa)));
        DnsStatus status = response.Code == DnsResponse.NameError ? DnsStatus.NoName : DnsStatus.NoData;
        return new DnsAnswer(status, [], negative < LongestNegativeTime ? negative : LongestNegativeTime, response.Authenticated);
    }

    // RFC 2181 §8: a time with the top bit set is none.
    private static uint Seconds(ResourceRecord record) => record.TimeToLive > int.MaxValue ? 0 : record.TimeToLive;

    private static string CodeName(int code) => code switch
    {
        1 => "the name server could not read the question",
        2 => "the name server failed (SERVFAIL)",
        4 => "the name server does not answer such questions",
        5 => "the name server refused the question",
        _ => $"the name server answered with code {code}",
    };
}
