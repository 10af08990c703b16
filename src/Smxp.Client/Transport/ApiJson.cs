using System.Text.Json;
using System.Text.Json.Serialization;
using Smxp.Client.Account;
using Smxp.Client.Admin;
using Smxp.Client.Auth;
using Smxp.Client.Blobs;
using Smxp.Client.Conversations;
using Smxp.Client.Delegations;
using Smxp.Client.Mail;
using Smxp.Client.Server;

namespace Smxp.Client.Transport;

/// <summary>Every body and answer of the API, snake_case, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(NoBody))]
[JsonSerializable(typeof(RotateBody))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(ServerHealth))]
[JsonSerializable(typeof(ServerKey))]
[JsonSerializable(typeof(LoginBody))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(ApiKeyBody))]
[JsonSerializable(typeof(NewApiKey))]
[JsonSerializable(typeof(ApiKeyList))]
[JsonSerializable(typeof(AccountInfo))]
[JsonSerializable(typeof(PasswordBody))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(MessageRow))]
[JsonSerializable(typeof(MessageAnswer))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(UnreadAnswer))]
[JsonSerializable(typeof(UnreadCounts))]
[JsonSerializable(typeof(OutgoingMessage))]
[JsonSerializable(typeof(MessageEdit))]
[JsonSerializable(typeof(RecipientsBody))]
[JsonSerializable(typeof(ForwardBody))]
[JsonSerializable(typeof(SendReceipt))]
[JsonSerializable(typeof(PreviewAnswer))]
[JsonSerializable(typeof(ConversationPage))]
[JsonSerializable(typeof(ReadAnswer))]
[JsonSerializable(typeof(Acknowledgement))]
[JsonSerializable(typeof(DelegationBody))]
[JsonSerializable(typeof(DelegationAnswer))]
[JsonSerializable(typeof(DelegationList))]
[JsonSerializable(typeof(BlobBody))]
[JsonSerializable(typeof(NewBlob))]
[JsonSerializable(typeof(BlobReceived))]
[JsonSerializable(typeof(BlobInfo))]
[JsonSerializable(typeof(BlobList))]
[JsonSerializable(typeof(BlobTokenBody))]
[JsonSerializable(typeof(NewBlobToken))]
[JsonSerializable(typeof(BlobTokenList))]
[JsonSerializable(typeof(DomainBody))]
[JsonSerializable(typeof(DomainInfo))]
[JsonSerializable(typeof(DomainList))]
[JsonSerializable(typeof(DomainVerification))]
[JsonSerializable(typeof(NewAddress))]
[JsonSerializable(typeof(AddressInfo))]
[JsonSerializable(typeof(AddressAnswer))]
[JsonSerializable(typeof(AddressList))]
[JsonSerializable(typeof(NewRoute))]
[JsonSerializable(typeof(RouteChange))]
[JsonSerializable(typeof(RouteAnswer))]
[JsonSerializable(typeof(RouteList))]
[JsonSerializable(typeof(QueuePage))]
[JsonSerializable(typeof(QueueEntry))]
[JsonSerializable(typeof(QueueCounts))]
[JsonSerializable(typeof(QueueRetry))]
[JsonSerializable(typeof(QueueChange))]
[JsonSerializable(typeof(BridgeList))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>The one shape of every refusal.</summary>
internal sealed record ErrorAnswer(string? Error);

/// <summary>An empty object.</summary>
internal sealed record NoBody;
