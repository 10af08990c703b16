namespace Smxp.Bridge.Email.Administration;

/// <summary>Knows some of the DNS records that a domain needs for its mail.</summary>
internal interface IDomainRecords
{
    /// <summary>The records to publish; none where there is nothing to say.</summary>
    ValueTask<IReadOnlyList<WantedRecord>> ForAsync(string domain, CancellationToken cancellationToken);
}

/// <summary>A DNS record to publish.</summary>
/// <param name="Name">The owner name, without a trailing dot.</param>
/// <param name="Type">Its type, e.g. <c>MX</c>.</param>
/// <param name="Value">Its data as a zone file has it; of TXT the text itself.</param>
/// <param name="Purpose">What it is for: <c>mx</c>, <c>spf</c>, <c>dkim</c>, <c>dkim-next</c> (of keys that sign once it is published), <c>dmarc</c>, <c>tlsrpt</c>, <c>mta-sts</c>.</param>
internal sealed record WantedRecord(string Name, string Type, string Value, string Purpose);
