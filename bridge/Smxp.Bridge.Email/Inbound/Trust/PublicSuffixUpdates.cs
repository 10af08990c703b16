using Smxp.Mail.Authentication.PublicSuffix;

namespace Smxp.Bridge.Email.Inbound.Trust;

/// <summary>The Public Suffix List in use: the newest that was fetched into the data folder, otherwise the one that ships. An operator has it fetched; nothing is fetched unasked.</summary>
internal sealed class PublicSuffixUpdates(string dataDirectory, Uri source)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private volatile PublicSuffixList? _current;

    /// <summary>The list, read when it is first asked for.</summary>
    public PublicSuffixList Current
    {
        get
        {
            if (_current is { } list) return list;
            lock (_lock) return _current ??= PublicSuffixList.LoadFrom(dataDirectory);
        }
    }

    /// <summary>Whether the list in use is the one that ships.</summary>
    public bool IsShipped => ReferenceEquals(Current, PublicSuffixList.Shipped);

    /// <summary>Fetches the list and puts it in use, if it can be one.</summary>
    /// <returns>Null when it did; otherwise why not, in words for the operator.</returns>
    public async Task<string?> RefreshAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(source, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!answer.IsSuccessStatusCode) return $"{source} answered {(int)answer.StatusCode}; the list in use stays";
            await using var fetched = await answer.Content.ReadAsStreamAsync(cancellationToken);
            if (await PublicSuffixList.InstallAsync(fetched, dataDirectory, cancellationToken) is { } fault) return $"what {source} gives is no Public Suffix List ({fault}); the list in use stays";
        }
        catch (HttpRequestException exception)
        {
            return $"{source} cannot be reached ({exception.Message}); is this server offline? The list in use stays";
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return $"fetching {source} failed ({exception.Message}); the list in use stays";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{source} did not answer within {Patience.TotalSeconds:0} seconds; is this server offline? The list in use stays";
        }

        lock (_lock) _current = PublicSuffixList.LoadFrom(dataDirectory);
        return null;
    }
}
