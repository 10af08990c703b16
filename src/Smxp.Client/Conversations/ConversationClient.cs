using System.Runtime.CompilerServices;
using Smxp.Client.Mail;
using Smxp.Client.Transport;

namespace Smxp.Client.Conversations;

/// <summary>The conversations of a mailbox (SMXP §8).</summary>
public sealed class ConversationClient
{
    private readonly ApiConnection _connection;

    internal ConversationClient(ApiConnection connection) => _connection = connection;

    /// <summary>One page of conversations, the one with the newest message first.</summary>
    public Task<ConversationPage> GetAsync(PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        return _connection.GetAsync(page.AddTo(ApiPath.Of("mail/conversations")), ApiJson.Default.ConversationPage, cancellationToken);
    }

    /// <summary>All conversations, the one with the newest message first; asks for the next page when the caller gets there.</summary>
    public async IAsyncEnumerable<ConversationInfo> EnumerateAsync(string? onBehalfOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (PageRequest? next = new() { Limit = 100, OnBehalfOf = onBehalfOf }; next is not null;)
        {
            var page = await GetAsync(next, cancellationToken).ConfigureAwait(false);
            foreach (var conversation in page.Conversations) yield return conversation;
            next = page.Conversations.Count == 0 ? null : page.Cursors.Following(next);
        }
    }

    /// <summary>Marks everything received in a conversation as read.</summary>
    /// <returns>How many messages changed.</returns>
    public async Task<int> MarkReadAsync(string conversationId, string? onBehalfOf, CancellationToken cancellationToken)
    {
        string path = $"{ApiPath.Of("mail/conversations", conversationId)}/read".With(("on_behalf_of", onBehalfOf));
        return (await _connection.PostAsync(path, new NoBody(), ApiJson.Default.NoBody, ApiJson.Default.ReadAnswer, cancellationToken).ConfigureAwait(false)).Updated;
    }

    /// <summary>Marks everything received in a conversation as read and tells its author.</summary>
    public Task<Acknowledgement> AcknowledgeAsync(string conversationId, string? onBehalfOf, CancellationToken cancellationToken)
    {
        string path = $"{ApiPath.Of("mail/conversations", conversationId)}/ack".With(("on_behalf_of", onBehalfOf));
        return _connection.PostAsync(path, new NoBody(), ApiJson.Default.NoBody, ApiJson.Default.Acknowledgement, cancellationToken);
    }
}

internal sealed record ReadAnswer(int Updated);
