using Smxp.Client.Transport;
using Smxp.Protocol;

namespace Smxp.Client.Admin;

/// <summary>The inboxes of the domains a server serves.</summary>
public sealed class AddressAdmin
{
    private readonly ApiConnection _connection;

    internal AddressAdmin(ApiConnection connection) => _connection = connection;

    /// <summary>The addresses of one domain, or of all where it is null.</summary>
    public async Task<IReadOnlyList<AddressInfo>> ListAsync(string? domain, CancellationToken cancellationToken) =>
        (await _connection.GetAsync(ApiPath.Of("admin/addresses").With(("domain", domain)), ApiJson.Default.AddressList, cancellationToken).ConfigureAwait(false)).Addresses;

    /// <summary>Makes an inbox, or the routes of an address that only forwards.</summary>
    /// <exception cref="SmxpException">404 where the domain is not served, 409 where the address exists.</exception>
    public Task<AddressInfo> AddAsync(NewAddress address, CancellationToken cancellationToken) =>
        _connection.PostAsync(ApiPath.Of("admin/addresses"), address, ApiJson.Default.NewAddress, ApiJson.Default.AddressInfo, cancellationToken);

    /// <summary>One address.</summary>
    public async Task<AddressInfo> GetAsync(Address address, CancellationToken cancellationToken) =>
        (await _connection.GetAsync(PathOf(address), ApiJson.Default.AddressAnswer, cancellationToken).ConfigureAwait(false)).Address;

    /// <summary>Removes an address; an inbox's messages stay stored.</summary>
    public Task DeleteAsync(Address address, CancellationToken cancellationToken) => _connection.DeleteAsync(PathOf(address), cancellationToken);

    private static string PathOf(Address address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return ApiPath.Of("admin/addresses", address.Domain, address.Local);
    }
}

internal sealed record AddressAnswer(AddressInfo Address);

internal sealed record AddressList(IReadOnlyList<AddressInfo> Addresses);
