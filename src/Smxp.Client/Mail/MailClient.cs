using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Smxp.Client.Transport;

namespace Smxp.Client.Mail;

/// <summary>The messages of a mailbox (SMXP §8). Where a parameter is called <c>onBehalfOf</c>, it names an owner who delegated to this account.</summary>
public sealed class MailClient
{
    private const int EnumerationPage = 100;

    private readonly ApiConnection _connection;

    internal MailClient(ApiConnection connection) => _connection = connection;

    /// <summary>One page of what was received, newest first.</summary>
    public Task<MessagePage> GetInboxAsync(PageRequest page, CancellationToken cancellationToken) => PageAsync(ApiPath.Of("mail/inbox"), page, cancellationToken);

    /// <summary>One page of what was sent, newest first.</summary>
    public Task<MessagePage> GetSentAsync(PageRequest page, CancellationToken cancellationToken) => PageAsync(ApiPath.Of("mail/sent"), page, cancellationToken);

    /// <summary>One page of what matches every word of a text, in subject, body, participants or attachment names; newest first.</summary>
    public Task<MessagePage> SearchAsync(string text, PageRequest page, CancellationToken cancellationToken) =>
        PageAsync(ApiPath.Of("mail/search").With(("q", text)), page, cancellationToken);

    /// <summary>One page of a conversation, oldest first.</summary>
    /// <param name="messageId">Any message in it.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<MessagePage> GetThreadAsync(string messageId, PageRequest page, CancellationToken cancellationToken) =>
        PageAsync(ApiPath.Of("mail/threads", messageId), page, cancellationToken);

    /// <summary>Everything received, newest first; asks for the next page when the caller gets there.</summary>
    public IAsyncEnumerable<MessageRow> EnumerateInboxAsync(string? onBehalfOf, CancellationToken cancellationToken) =>
        EnumerateAsync(ApiPath.Of("mail/inbox"), onBehalfOf, cancellationToken);

    /// <summary>Everything sent, newest first; asks for the next page when the caller gets there.</summary>
    public IAsyncEnumerable<MessageRow> EnumerateSentAsync(string? onBehalfOf, CancellationToken cancellationToken) =>
        EnumerateAsync(ApiPath.Of("mail/sent"), onBehalfOf, cancellationToken);

    /// <summary>Everything a search finds, newest first; asks for the next page when the caller gets there.</summary>
    public IAsyncEnumerable<MessageRow> EnumerateSearchAsync(string text, string? onBehalfOf, CancellationToken cancellationToken) =>
        EnumerateAsync(ApiPath.Of("mail/search").With(("q", text)), onBehalfOf, cancellationToken);

    /// <summary>A whole conversation, oldest first; asks for the next page when the caller gets there.</summary>
    public IAsyncEnumerable<MessageRow> EnumerateThreadAsync(string messageId, string? onBehalfOf, CancellationToken cancellationToken) =>
        EnumerateAsync(ApiPath.Of("mail/threads", messageId), onBehalfOf, cancellationToken);

    /// <summary>One message.</summary>
    /// <exception cref="SmxpException">404 where there is none of this id.</exception>
    public async Task<MessageRow> GetMessageAsync(string id, string? onBehalfOf, CancellationToken cancellationToken) =>
        (await _connection.GetAsync(ApiPath.Of("mail/messages", id).With(("on_behalf_of", onBehalfOf)), ApiJson.Default.MessageAnswer, cancellationToken).ConfigureAwait(false)).Message;

    /// <summary>How many messages are unread.</summary>
    public async Task<int> CountUnreadAsync(string? onBehalfOf, CancellationToken cancellationToken) =>
        (await _connection.GetAsync(ApiPath.Of("mail/unread").With(("on_behalf_of", onBehalfOf)), ApiJson.Default.UnreadAnswer, cancellationToken).ConfigureAwait(false)).Unread;

    /// <summary>How many messages are unread, by conversation.</summary>
    public Task<UnreadCounts> GetUnreadAsync(string? onBehalfOf, CancellationToken cancellationToken) =>
        _connection.GetAsync(ApiPath.Of("mail/unread").With(("grouped", "1"), ("on_behalf_of", onBehalfOf)), ApiJson.Default.UnreadCounts, cancellationToken);

    /// <summary>A message's body as HTML that is safe to show.</summary>
    public async Task<string> RenderAsync(string id, string? onBehalfOf, CancellationToken cancellationToken)
    {
        using var request = _connection.NewRequest(HttpMethod.Get, $"{ApiPath.Of("mail/messages", id)}/render".With(("on_behalf_of", onBehalfOf)));
        using var response = await _connection.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a message to each recipient. What is answered <c>sent</c> or <c>queued</c> is on the server's stable storage.</summary>
    /// <exception cref="SmxpException">Nothing was sent; the error says why.</exception>
    public Task<SendReceipt> SendAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        _connection.PostAsync(ApiPath.Of("mail/send"), message, ApiJson.Default.OutgoingMessage, ApiJson.Default.SendReceipt, cancellationToken);

    /// <summary>Asks which way a message would go to each recipient, and what would be missed there. Nothing is stored or sent.</summary>
    /// <exception cref="SmxpException">It could not be sent as it is; the error says why.</exception>
    public async Task<IReadOnlyList<RecipientPreview>> PreviewAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        (await _connection.PostAsync(ApiPath.Of("mail/send").With(("preview", "1")), message, ApiJson.Default.OutgoingMessage, ApiJson.Default.PreviewAnswer, cancellationToken).ConfigureAwait(false)).Preview;

    /// <summary>Replaces the content of a message this account wrote, for everybody it was sent to.</summary>
    public Task<SendReceipt> EditAsync(string id, MessageEdit edit, string? onBehalfOf, CancellationToken cancellationToken) =>
        _connection.PostAsync($"{ApiPath.Of("mail/messages", id)}/edit".With(("on_behalf_of", onBehalfOf)), edit, ApiJson.Default.MessageEdit, ApiJson.Default.SendReceipt, cancellationToken);

    /// <summary>Takes back a message this account wrote.</summary>
    /// <param name="id">The message.</param>
    /// <param name="to">From whom; null for everybody it was sent to.</param>
    /// <param name="onBehalfOf">The owner; null for oneself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<SendReceipt> DeleteAsync(string id, IReadOnlyList<string>? to, string? onBehalfOf, CancellationToken cancellationToken) =>
        _connection.PostAsync($"{ApiPath.Of("mail/messages", id)}/delete".With(("on_behalf_of", onBehalfOf)), new RecipientsBody(to), ApiJson.Default.RecipientsBody, ApiJson.Default.SendReceipt, cancellationToken);

    /// <summary>Passes a message on, as its author signed it.</summary>
    /// <param name="id">The message.</param>
    /// <param name="to">To whom.</param>
    /// <param name="subject">A subject of its own; may be null.</param>
    /// <param name="conversationId">The conversation to put it in; null for a new one.</param>
    /// <param name="onBehalfOf">The owner; null for oneself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<SendReceipt> ForwardAsync(string id, IReadOnlyList<string> to, string? subject, string? conversationId, string? onBehalfOf, CancellationToken cancellationToken) =>
        _connection.PostAsync($"{ApiPath.Of("mail/messages", id)}/forward".With(("on_behalf_of", onBehalfOf)), new ForwardBody(to, subject, conversationId), ApiJson.Default.ForwardBody, ApiJson.Default.SendReceipt, cancellationToken);

    /// <summary>Marks one message as read.</summary>
    public Task MarkReadAsync(string id, string? onBehalfOf, CancellationToken cancellationToken) =>
        _connection.RequestAsync(HttpMethod.Post, $"{ApiPath.Of("mail/messages", id)}/read".With(("on_behalf_of", onBehalfOf)), JsonContent.Create(new NoBody(), ApiJson.Default.NoBody),
            ApiJson.Default.JsonElement, cancellationToken);

    private Task<MessagePage> PageAsync(string path, PageRequest page, CancellationToken cancellationToken) =>
        _connection.GetAsync(page.AddTo(path), ApiJson.Default.MessagePage, cancellationToken);

    private async IAsyncEnumerable<MessageRow> EnumerateAsync(string path, string? onBehalfOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (PageRequest? next = new() { Limit = EnumerationPage, OnBehalfOf = onBehalfOf }; next is not null;)
        {
            var page = await PageAsync(path, next, cancellationToken).ConfigureAwait(false);
            foreach (var row in page.Messages) yield return row;
            next = page.Messages.Count == 0 ? null : page.Cursors.Following(next);
        }
    }
}

internal sealed record MessageAnswer(MessageRow Message);

internal sealed record UnreadAnswer(int Unread);

internal sealed record RecipientsBody(IReadOnlyList<string>? To);

internal sealed record ForwardBody(IReadOnlyList<string> To, string? Subject, string? ConversationId);
